#[honey::dynamic_field]
fn threads(of: u32) -> u32 {
    of
}

fn main() {
    threads(1);
}
