#![deny(warnings)]

use honey::HoneyFields;

#[derive(HoneyFields)]
#[honey(prefix = "order.")]
struct Order {
    id: u64,
    #[honey(flatten, prefix = "customer.")]
    customer: Customer,
    #[honey(flatten)]
    bill_to: Address,
}

#[derive(HoneyFields)]
struct Customer {
    tier: String,
    #[honey(flatten, prefix = "address.")]
    address: Address,
}

#[derive(HoneyFields)]
#[honey(prefix = "at.")]
struct Address {
    zip: u32,
}

#[honey::event(prefix = "shop.", fields(..order))]
fn record(order: &Order) {}

fn main() {
    let customer = Customer { tier: "gold".to_owned(), address: Address { zip: 1 } };
    let order = Order { id: 1, customer, bill_to: Address { zip: 2 } };
    let captured = honey::testing::capture(|| record(&order));
    let event = captured.event("record");
    for key in
        ["shop.order.id", "shop.order.customer.tier", "shop.order.customer.address.at.zip", "shop.order.at.zip"]
    {
        assert!(event.field(key).is_some(), "{key}");
    }
}
