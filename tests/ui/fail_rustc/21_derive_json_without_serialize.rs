struct NoField;

#[derive(honey::HoneyFields)]
struct Order {
    #[honey(json)]
    item: NoField,
}

fn main() {}
