//! The shop. Each `#[honey::event]` makes one event of each call: timed, with the arguments named, in a trace.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use honey::{FutureExt, HoneyFields};
use tokio::task::JoinHandle;
use tokio::time::sleep;

static OPEN_CARTS: AtomicU64 = AtomicU64::new(0);

/// For a dynamic field: how many checkouts are under way.
pub fn open_carts() -> u64 {
    OPEN_CARTS.load(Ordering::Relaxed)
}

/// An order. The derive makes fields of it: `order.id`, `order.total_usd`, … but never the card's number.
#[derive(Clone, HoneyFields)]
#[honey(prefix = "order.")]
pub struct Order {
    pub id: u64,
    #[honey(len)]
    pub items: Vec<Sku>,
    #[honey(rename = "total_usd")]
    pub total: f64,
    pub coupon: Option<&'static str>,
    #[honey(skip)]
    pub card: Card,
}

#[derive(Clone, Copy)]
pub struct Sku(pub &'static str);

impl fmt::Display for Sku {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sku-{}", self.0)
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Network {
    Visa,
    Mastercard,
}

#[derive(Clone)]
pub struct Card {
    pub network: Network,
    pub number: String,
    /// What the bank will say, try after try; the last answer stays.
    pub answers: &'static [Bank],
}

#[derive(Clone, Copy)]
pub enum Bank {
    Yes,
    No,
    Busy,
    /// Takes it, after a time no customer waits for.
    Asleep,
}

#[derive(Debug)]
pub enum CheckoutError {
    OutOfStock(String),
    Payment(PaymentError),
}

#[derive(Debug)]
pub enum PaymentError {
    Declined,
    GatewayBusy,
}

pub struct Receipt {
    /// The mail is sent after the customer has the answer.
    pub mail: JoinHandle<()>,
}

/// The request: the root of its trace.
#[honey::event(
    name = "POST /checkout",
    fields(http.request.method = "POST", http.route = "/checkout", user.id = user_id, ..order),
    ok(http.response.status_code = |_| 201),
    err,
    err(http.response.status_code = |error| error.status())
)]
pub async fn checkout(user_id: u64, order: &Order) -> Result<Receipt, CheckoutError> {
    let _cart = OpenCart::new();
    let tier = if user_id % 3 == 0 { "gold" } else { "standard" };
    honey::current().add_field("customer.tier", tier);
    for &item in &order.items {
        reserve(item, 1).await?;
    }
    pay(order).await?;
    // A spawned task is part of the trace only if it is told so.
    let mail = tokio::spawn(send_receipt(order.id).in_current_event());
    Ok(Receipt { mail })
}

#[honey::event(name = "reserve stock", fields(%sku, quantity), err)]
async fn reserve(sku: Sku, quantity: u32) -> Result<(), CheckoutError> {
    if update_stock(sku).await == 0 {
        return Err(CheckoutError::OutOfStock(sku.to_string()));
    }
    Ok(())
}

#[honey::event(
    name = "UPDATE stock",
    fields(db.system.name = "postgresql", db.operation.name = "UPDATE", db.collection.name = "stock"),
    ret(db.response.affected_rows = |rows| *rows)
)]
async fn update_stock(sku: Sku) -> u64 {
    honey::root().incr("db.calls", 1); // from anywhere below, into the request's own event
    sleep(Duration::from_millis(2 + sku.0.len() as u64)).await;
    u64::from(sku.0 != "unicorn-tears")
}

async fn pay(order: &Order) -> Result<(), PaymentError> {
    let mut tries = 1;
    loop {
        honey::root().add_field("payment.tries", tries);
        match charge(order.card.network, order.total, tries, &order.card).await {
            Err(PaymentError::GatewayBusy) if tries < 3 => tries += 1,
            done => return done,
        }
    }
}

/// Only what is named in `fields` is recorded: the card is not.
#[honey::event(
    name = "charge card",
    fields(payment.network = ?network, payment.amount_usd = amount, payment.try = attempt, server.address = "pay.example"),
    err
)]
async fn charge(network: Network, amount: f64, attempt: usize, card: &Card) -> Result<(), PaymentError> {
    let answer = card.answers.get(attempt - 1).or(card.answers.last()).unwrap_or(&Bank::No);
    honey::current().add_field("payment.card_digits", card.number.len());
    match answer {
        Bank::Asleep => sleep(Duration::from_secs(60)).await,
        Bank::Busy => sleep(Duration::from_millis(9)).await,
        Bank::Yes | Bank::No => sleep(Duration::from_millis(14 + amount as u64 % 16)).await,
    }
    match answer {
        Bank::Yes | Bank::Asleep => Ok(()),
        Bank::No => Err(PaymentError::Declined),
        Bank::Busy => Err(PaymentError::GatewayBusy),
    }
}
