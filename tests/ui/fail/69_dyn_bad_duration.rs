#[honey::dynamic_field(every = "often")]
fn threads() -> u32 {
    1
}

fn main() {}
