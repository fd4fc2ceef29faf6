unsafe extern "C" {
    #[honey::event]
    fn printf(format: *const u8, ...) -> i32;
}

fn main() {
    let _ = unsafe { printf(b"%d\0".as_ptr(), 1) };
}
