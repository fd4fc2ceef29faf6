//! honey's public face as a user's crate has it, and nothing else of honey.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, SystemTime};

use honey::{FutureExt as _, HoneyFields};

/// More than anything here takes.
const LONG: Duration = Duration::from_mins(1);

#[derive(HoneyFields)]
#[honey(prefix = "order.")]
#[expect(dead_code, reason = "the card is skipped, and nothing else reads it")]
struct Order {
    id: u64,
    #[honey(rename = "total_usd")]
    total: f64,
    #[honey(skip)]
    card: String,
    customer: Option<String>,
}

struct Db;
struct Receipt;

#[derive(Debug)]
struct CheckoutError;

impl fmt::Display for CheckoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the card was declined")
    }
}

impl std::error::Error for CheckoutError {}

#[honey::event(name = "checkout", fields(user_id, ..order), err)]
async fn checkout(user_id: u64, order: &Order, db: &Db) -> Result<Receipt, CheckoutError> {
    let Db = db;
    honey::current().add_field("cart.items", 3);
    honey::root().add_field("customer.tier", "gold");
    charge(order).await
}

#[honey::event]
async fn charge(order: &Order) -> Result<Receipt, CheckoutError> {
    honey::current().add_field("amount", honey::display(&order.total));
    if order.total > 0.0 {
        Ok(Receipt)
    } else {
        Err(CheckoutError)
    }
}

#[honey::dynamic_field(name = "process.threads")]
fn threads() -> u64 {
    4
}

/// Runs a future that never waits for anything outside.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            return output;
        }
        thread::yield_now();
    }
}

fn order() -> Order {
    Order {
        id: 7,
        total: 9.5,
        card: "4111".to_owned(),
        customer: None,
    }
}

/// What libhoney users do by hand.
fn by_hand(builder: &honey::Builder) {
    let mut event = builder.new_event();
    event.add_field("method", "GET");
    event.add(&order());
    event.add_json(&BTreeMap::from([("a", 1)]));
    event.add_metadata("request", 17_u64);
    event.set_timestamp(SystemTime::now());
    event.set_sample_rate(1);
    drop(event.timer("render_ms"));
    event.send_presampled();
    let mut event = honey::Event::new();
    event.add_field("wait_ms", honey::ms(Duration::from_micros(1500)));
    event.add_field("text", honey::debug(&Some(1)));
    event.add_field("list", honey::json(&[1, 2]));
    event.send();
}

/// Uses the public face, and says what came of it.
///
/// # Errors
/// When something is not as documented.
pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    assert!(
        !honey::current().is_recording(),
        "before init everything is a no-op"
    );
    let config = honey::Config::from_env()?
        .dataset("shop")
        .service_name("checkout");
    // An empty host discards: this program talks to nobody.
    let honey = honey::init(config.api_host("").capture_panics(false))?;
    honey::global().add_field("build", env!("CARGO_PKG_VERSION"));
    honey::global().add(&order());
    honey::global().add_json(&BTreeMap::from([("region", "eu")]));
    honey::global().add_dynamic_field("heap", || 1_u64);
    let responses = honey::responses();

    block_on(checkout(1, &order(), &Db))?;
    let failed = block_on(checkout(
        2,
        &Order {
            total: 0.0,
            ..order()
        },
        &Db,
    ));
    assert!(failed.is_err(), "the error comes back unchanged");
    let mut builder = honey::Builder::new();
    builder
        .add_field("component", "shop")
        .set_sample_rate(1)
        .set_dataset("other");
    by_hand(&builder.clone());
    assert!(honey::flush(LONG), "{}", honey::stats());
    assert!(block_on(honey::flush_async(LONG)));

    let other = honey::Client::new(honey::Config::new("key").api_host(""))?;
    honey::with_client(&other, || honey::in_child_event("elsewhere", || ()));
    block_on(async { drop(honey::start_child("elsewhere, later")) }.with_client(&other));
    let report = other.close(LONG);
    assert!(
        report.stats.created == 2 && report.stats.is_balanced(),
        "{report}"
    );

    let captured = honey::testing::capture(|| {
        let _ = block_on(checkout(3, &order(), &Db));
    });
    let event = captured.event("checkout");
    assert_eq!(event.data()["order.id"], 7);
    assert_eq!(event.data()["customer.tier"], "gold");
    assert_eq!(event.data()["process.threads"], 4);
    assert!(!event.data().contains_key("order.card"), "{event:?}");

    let first = responses.recv_timeout(LONG)?;
    assert_eq!(
        first.outcome,
        honey::Outcome::Discarded(honey::DiscardReason::NoDestination)
    );
    let with_metadata =
        responses.filter_map(|response| response.metadata::<u64>("request").copied());
    assert_eq!(with_metadata.collect::<Vec<_>>(), [17]);

    let report = honey.close(LONG);
    assert!(
        report.stats.created == 6 && report.stats.is_balanced(),
        "{report}"
    );
    honey::current().add_field("after", "close");
    assert_eq!(
        honey::stats(),
        report.stats,
        "after close everything is a no-op"
    );
    println!("honey outside the workspace: {report}");
    Ok(())
}
