#![deny(warnings)]

#[honey::event(fields(n))]
#[unsafe(no_mangle)]
extern "C" fn honey_ui_add_one(n: u32) -> u32 {
    n + 1
}

#[honey::event]
extern "C" fn callback() {}

fn main() {
    let callback: extern "C" fn() = callback;
    callback();
    assert_eq!(honey_ui_add_one(1), 2);
}
