#[honey::dynamic_field(every = "1s")]
fn threads() -> u32 {
    1
}

fn main() {
    threads();
}
