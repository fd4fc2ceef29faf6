#[honey::dynamic_field]
fn outcome() -> u32 {
    1
}

fn main() {
    outcome();
}
