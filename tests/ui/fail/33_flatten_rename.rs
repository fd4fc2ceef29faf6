#[derive(honey::HoneyFields)]
struct Order {
    #[honey(flatten, rename = "a")]
    id: Option<Box<Order>>,
}

fn main() {
    let _ = Order { id: None };
}
