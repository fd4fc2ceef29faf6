#[derive(honey::HoneyFields)]
#[honey(tag = "kind")]
struct Order {
    id: u32,
}

fn main() {
    let _ = Order { id: 1 };
}
