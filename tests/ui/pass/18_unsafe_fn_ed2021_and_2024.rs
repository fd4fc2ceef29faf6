#![deny(warnings)]
#![allow(clippy::future_not_send)]
// Edition 2021, where the body of an `unsafe fn` needs no `unsafe`: tests/edition-2021.

#[honey::event(fields(len))]
unsafe fn read(pointer: *const u8, len: usize) -> Result<u8, String> {
    if len == 0 {
        return Err("empty".to_owned());
    }
    unsafe { Ok(*pointer) }
}

#[honey::event]
async unsafe fn read_later(pointer: *const u8) -> u8 {
    unsafe { *pointer }
}

#[unsafe(no_mangle)]
#[honey::event(fields(n))]
pub extern "C" fn honey_ui_add_one(n: u32) -> u32 {
    n + 1
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let byte = 7_u8;
    unsafe {
        assert_eq!(read(&raw const byte, 1), Ok(7));
        assert_eq!(read_later(&raw const byte).await, 7);
    }
    assert_eq!(honey_ui_add_one(1), 2);
}
