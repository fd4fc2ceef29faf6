#![deny(warnings)]

use honey::HoneyFields;

#[derive(HoneyFields)]
#[honey(prefix = "order.")]
struct Named {
    id: u64,
    #[honey(rename = "total_usd")]
    total: f64,
    #[honey(skip)]
    card: String,
    customer: Option<String>,
}

#[derive(HoneyFields)]
struct Tuple(#[honey(rename = "left")] u32, #[honey(skip)] u32, #[honey(flatten)] Inner);

#[derive(HoneyFields)]
struct Inner {
    inner: u32,
}

#[derive(HoneyFields)]
struct Unit;

#[derive(HoneyFields)]
struct Empty {}

fn fields(fields: &impl HoneyFields) {
    run(fields);
}

#[honey::event(fields(..fields))]
fn run(fields: &impl HoneyFields) {}

fn main() {
    let named = Named { id: 1, total: 2.5, card: "1234".to_owned(), customer: None };
    fields(&named);
    let tuple = Tuple(1, 2, Inner { inner: 3 });
    fields(&tuple);
    assert_eq!(tuple.1, 2);
    fields(&(Unit, Empty {}));
    assert_eq!(named.card.len() + named.customer.map_or(0, |it| it.len()), 4);
}
