struct NoField;

#[derive(honey::HoneyFields)]
struct Order {
    #[honey(flatten)]
    item: NoField,
}

fn main() {}
