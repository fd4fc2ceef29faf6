#[derive(honey::HoneyFields)]
struct Order {
    name: String,
}

fn main() {
    let _ = Order { name: String::new() };
}
