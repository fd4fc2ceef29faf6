#[derive(honey::HoneyFields)]
struct Order {
    #[honey(display, debug)]
    id: u32,
}

fn main() {
    let _ = Order { id: 1 };
}
