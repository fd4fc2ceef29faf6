#[honey::dynamic_field(every = "1s", once)]
fn threads() -> u32 {
    1
}

fn main() {}
