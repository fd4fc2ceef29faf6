#[derive(honey::HoneyFields)]
struct Order {
    #[honey(unit = ms)]
    waited: u32,
}

fn main() {}
