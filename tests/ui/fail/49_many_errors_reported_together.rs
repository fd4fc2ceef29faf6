#[derive(honey::HoneyFields)]
#[honey(rename_all = "Snake", prefixx = "a")]
struct Order {
    #[honey(flaten)]
    id: u32,
    error: bool,
    #[honey(skip_if = "x", unit = h)]
    took: u32,
}

fn main() {
    fn has_fields<T: honey::HoneyFields>(_: T) {}
    has_fields(Order { id: 1, error: true, took: 2 });
}
