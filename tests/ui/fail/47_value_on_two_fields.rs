#[derive(honey::HoneyValue)]
struct Point {
    x: u32,
    y: u32,
}

fn main() {}
