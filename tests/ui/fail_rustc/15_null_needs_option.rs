#[derive(honey::HoneyFields)]
struct Order {
    #[honey(null)]
    total: f64,
}

fn main() {}
