#[derive(honey::HoneyFields)]
#[honey(flatten)]
struct Order {
    id: u32,
}

fn main() {
    let _ = Order { id: 1 };
}
