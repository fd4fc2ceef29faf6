#[honey::event]
unsafe extern "C" fn print(format: *const u8, ...) {}

fn main() {}
