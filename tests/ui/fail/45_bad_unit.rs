#[derive(honey::HoneyFields)]
struct Order {
    #[honey(unit = min)]
    took: std::time::Duration,
}

fn main() {
    let _ = Order { took: std::time::Duration::ZERO };
}
