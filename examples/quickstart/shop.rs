//! The shop. Each `#[honey::event]` makes one event of each call: timed, with the arguments that are named, in a trace.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use honey::FutureExt;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::order::{Card, CheckoutError, Network, Order, PaymentError, Sku};

/// What the shop has none of.
pub(crate) const SOLD_OUT: Sku = Sku("unicorn-tears");
/// How often a busy bank is asked.
const MAX_TRIES: u32 = 3;

static OPEN_CARTS: AtomicU64 = AtomicU64::new(0);

/// For a dynamic field: how many checkouts are under way.
pub(crate) fn open_carts() -> u64 {
    OPEN_CARTS.load(Ordering::Relaxed)
}

/// The mail is sent after the customer has the answer.
pub(crate) struct Receipt {
    pub(crate) mail: JoinHandle<()>,
}

/// A request: the root of its trace.
#[honey::event(
    name = "POST /checkout",
    fields(http.request.method = "POST", http.route = "/checkout", user.id = user_id, ..order),
    ok(http.response.status_code = |_| 201),
    err(http.response.status_code = |error| error.status),
    err
)]
pub(crate) async fn checkout(user_id: u64, order: &Order) -> Result<Receipt, CheckoutError> {
    OPEN_CARTS.fetch_add(1, Ordering::Relaxed);
    let done = fulfil(user_id, order).await;
    OPEN_CARTS.fetch_sub(1, Ordering::Relaxed);
    done
}

/// Not annotated: it shows as part of `POST /checkout`, and its fields go there.
async fn fulfil(user_id: u64, order: &Order) -> Result<Receipt, CheckoutError> {
    let tier = if user_id % 3 == 1 { "gold" } else { "standard" };
    honey::current().add_field("customer.tier", tier);
    for &item in &order.items {
        reserve(item, 1).await?;
    }
    pay(order).await?;
    // A spawned task belongs to the trace if it is told so.
    let mail = tokio::spawn(send_receipt(order.id).in_current_event());
    Ok(Receipt { mail })
}

/// `%sku` records the argument by `Display`.
#[honey::event(name = "reserve stock", fields(%sku, quantity), err)]
async fn reserve(sku: Sku, quantity: u32) -> Result<(), CheckoutError> {
    match update_stock(sku).await {
        0 => Err(CheckoutError::out_of_stock(sku)),
        _ => Ok(()),
    }
}

/// `UPDATE stock SET … RETURNING sku`. Fields have the names that OpenTelemetry gave them.
#[honey::event(
    name = "UPDATE stock",
    fields(db.system.name = "postgresql", db.operation.name = "UPDATE", db.collection.name = "stock"),
    ret(db.response.returned_rows = |rows| *rows)
)]
async fn update_stock(sku: Sku) -> u64 {
    // From any depth into the request's own event, so that one event tells the whole story.
    honey::root().incr("db.calls", 1);
    sleep(Duration::from_millis(1 + sku.0.len() as u64 % 5)).await;
    u64::from(sku != SOLD_OUT)
}

async fn pay(order: &Order) -> Result<(), PaymentError> {
    let Card { network, number } = order.card;
    let mut attempt = 1;
    loop {
        honey::root().add_field("payment.tries", attempt);
        match charge(network, order.total, number, attempt).await {
            Err(PaymentError::Busy) if attempt < MAX_TRIES => attempt += 1,
            done => return done,
        }
    }
}

/// `?network` records the argument by `Debug`. What is not named, here the card's number, is not recorded.
#[honey::event(name = "charge card", fields(server.address = "bank.example", ?network, amount_usd = amount), err)]
async fn charge(
    network: Network,
    amount: f64,
    number: &str,
    attempt: u32,
) -> Result<(), PaymentError> {
    let (takes_ms, answer) = match (number, attempt) {
        (Card::DECLINED, _) => (12, Err(PaymentError::Declined)),
        (Card::BUSY_AT_FIRST, 1) => (8, Err(PaymentError::Busy)),
        (Card::SLOW, _) => (45_000, Ok(())),
        _ => (number.len() as u64, Ok(())),
    };
    sleep(Duration::from_millis(takes_ms)).await;
    answer
}

#[honey::event(name = "send receipt", fields(order.id = order_id))]
async fn send_receipt(order_id: u64) {
    sleep(Duration::from_millis(5)).await;
}

#[honey::event(
    name = "GET /products",
    fields(http.request.method = "GET", http.route = "/products", %sku),
    ret(http.response.status_code = |()| 200)
)]
pub(crate) async fn product(sku: Sku, is_cached: bool) {
    honey::current().add_field("cache.hit", is_cached);
    let lookup = if is_cached { 1 } else { 6 + sku.0.len() as u64 };
    sleep(Duration::from_millis(lookup)).await;
}

/// Has a bug: nobody has rated the newest tea yet.
#[honey::event(name = "GET /ratings", fields(http.request.method = "GET", http.route = "/ratings", ratings = stars.len()))]
pub(crate) async fn average_rating(stars: Vec<u64>) -> u64 {
    sleep(Duration::from_millis(3)).await;
    stars.iter().sum::<u64>() / stars.len() as u64
}
