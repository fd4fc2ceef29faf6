#[honey::dynamic_field(fields)]
fn fields() -> u32 {
    1
}

fn main() {}
