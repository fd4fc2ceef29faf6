#![deny(warnings)]

use honey::HoneyFields;

#[derive(HoneyFields)]
struct Order<C> {
    #[honey(flatten, prefix = "ship.")]
    ship: Option<Address>,
    #[honey(flatten)]
    customer: Option<C>,
    #[honey(flatten, prefix = "both.")]
    both: (Option<Address>, Box<Address>),
}

#[derive(HoneyFields)]
struct Address {
    zip: Option<u32>,
}

fn main() {
    let order = Order::<Address> { ship: None, customer: Some(Address { zip: None }), both: (None, Box::new(Address { zip: Some(1) })) };
    honey::current().add(&order);
}
