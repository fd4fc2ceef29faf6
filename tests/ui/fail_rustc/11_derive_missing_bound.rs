struct NoField;

#[derive(honey::HoneyFields)]
struct Generic<T> {
    value: T,
}

fn main() {
    fn has_fields<T: honey::HoneyFields>(_: T) {}
    has_fields(Generic { value: NoField });
}
