#[honey::dynamic_field]
fn threads() {}

fn main() {
    threads();
}
