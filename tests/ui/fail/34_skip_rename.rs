#[derive(honey::HoneyFields)]
struct Order {
    #[honey(rename = "a", skip)]
    id: u32,
}

fn main() {
    let _ = Order { id: 1 };
}
