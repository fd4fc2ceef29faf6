struct NoField;

#[derive(honey::HoneyFields)]
struct Order {
    item: NoField,
    waited: std::time::Duration,
}

fn main() {}
