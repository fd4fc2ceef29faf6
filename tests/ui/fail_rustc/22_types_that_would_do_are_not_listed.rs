// A program has many of these. An error about another type is not the place to list them.
#[derive(honey::HoneyFields)]
struct Cart {
    items: u32,
}

#[derive(honey::HoneyValue)]
struct Id(u32);

struct Order;

#[honey::event(fields(first, ..second))]
fn run(first: Order, second: Order) {
    let _ = (first, second);
}

fn main() {
    honey::current().add(&Cart { items: 1 });
    honey::current().add_field("id", Id(1));
}
