#[derive(honey::HoneyFields)]
struct Order {
    #[honey(rename = "a", debug)]
    #[honey(rename = "b")]
    id: u32,
}

fn main() {
    let _ = Order { id: 1 };
}
