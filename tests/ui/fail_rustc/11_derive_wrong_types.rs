use std::time::Duration;

struct NoField;

#[derive(honey::HoneyFields)]
struct Wrong {
    plain: NoField,
    #[honey(flatten)]
    flat: NoField,
    #[honey(display)]
    shown: NoField,
    #[honey(unit = ms)]
    took: u32,
    time: Duration,
}

#[derive(honey::HoneyFields)]
struct Generic<T> {
    value: T,
}

fn main() {
    fn has_fields<T: honey::HoneyFields>(_: T) {}
    has_fields(Generic { value: NoField });
}
