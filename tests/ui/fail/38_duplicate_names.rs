#[derive(honey::HoneyFields)]
struct Order {
    #[honey(rename = "number")]
    id: u32,
    number: u32,
}

fn main() {
    let _ = Order { id: 1, number: 2 };
}
