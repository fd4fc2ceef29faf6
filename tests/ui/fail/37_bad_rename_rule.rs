#[derive(honey::HoneyFields)]
#[honey(rename_all = "snakecase")]
struct Order {
    id: u32,
}

fn main() {
    let _ = Order { id: 1 };
}
