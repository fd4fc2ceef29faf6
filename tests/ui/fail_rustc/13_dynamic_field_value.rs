#[honey::dynamic_field]
fn list() -> Vec<u32> {
    Vec::new()
}

#[honey::dynamic_field(fields)]
fn fields() -> u32 {
    1
}

fn main() {}
