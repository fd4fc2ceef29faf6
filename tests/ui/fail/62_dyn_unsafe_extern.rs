#[honey::dynamic_field]
unsafe extern "C" fn threads() -> u32 {
    1
}

fn main() {
    unsafe { threads() };
}
