#[derive(honey::HoneyFields)]
struct Order {
    #[honey(len, skip_if = "Vec::is_empty")]
    items: Vec<u32>,
}

fn main() {
    let _ = Order { items: Vec::new() };
}
