struct NoField;

#[derive(honey::HoneyFields)]
struct Order {
    #[honey(display)]
    item: NoField,
}

#[derive(honey::HoneyValue)]
struct Item(#[honey(display)] NoField);

fn main() {}
