#[honey::dynamic_field]
fn list() -> Vec<u32> {
    Vec::new()
}

fn main() {}
