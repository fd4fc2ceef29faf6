#[derive(honey::HoneyFields)]
struct Order {
    #[honey(prefix = "a.")]
    id: u32,
}

fn main() {
    let _ = Order { id: 1 };
}
