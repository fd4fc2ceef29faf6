#[derive(honey::HoneyFields)]
struct Order {
    #[honey(skp)]
    id: u32,
}

fn main() {
    fn has_fields<T: honey::HoneyFields>(_: T) {}
    has_fields(Order { id: 1 });
}
