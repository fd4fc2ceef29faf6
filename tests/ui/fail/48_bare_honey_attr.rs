#[derive(honey::HoneyFields)]
struct Order {
    #[honey]
    id: u32,
    #[honey = "skip"]
    other: u32,
}

fn main() {
    let _ = Order { id: 1, other: 2 };
}
