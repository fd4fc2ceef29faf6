#![deny(warnings)]

use honey::HoneyFields;

#[derive(HoneyFields)]
struct Order {
    id: u32,
}

struct Cart {
    order: Order,
    maybe: Option<Order>,
}

const KEY: &str = "known.to.the.compiler";

#[honey::event(prefix = "cart.", fields(n, ..cart.order, ..cart.maybe, {KEY} = n, {concat!("a", "b")} = %n))]
fn buy(n: u32, cart: &Cart) -> u32 {
    n + cart.order.id
}

#[honey::event(fields(..order, ..&order, {KEY} = ?order.id))]
async fn buy_later(order: Order) -> u32 {
    order.id
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let cart = Cart { order: Order { id: 1 }, maybe: None };
    assert_eq!(buy(1, &cart), 2);
    assert_eq!(buy_later(cart.order).await, 1);
}
