//! The main job from end to end, in a binary of its own: the design's example, a thousand requests from four threads and a
//! `current_thread` runtime, over real HTTP to honey-local. Everything arrives once, whole, linked and in order.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support as _;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::thread;
use std::time::Duration;

use honey::HoneyFields;
use honey_local::{Event, Server};

const KEY: &str = concat!("honeykey", "4test-e2e");
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);
const REQUESTS_PER_PLACE: u64 = 200;
/// Four threads and a runtime.
const PLACES: u64 = 5;
/// Tasks of the runtime.
const TASKS: u64 = 8;
const REQUESTS: u64 = REQUESTS_PER_PLACE * PLACES;
/// Every seventh charge is declined.
const DECLINED_EVERY: u64 = 7;
const SECRET: &str = "a secret that no field names";
const CARD: &str = "4111 1111 1111 1111";

#[derive(HoneyFields)]
#[honey(prefix = "order.")]
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

#[honey::event(name = "checkout", fields(user_id, ..order), err)]
async fn checkout(
    user_id: u64,
    order: &Order,
    password: &str,
    db: &Db,
) -> Result<Receipt, CheckoutError> {
    let Db = db;
    assert_eq!(password, SECRET);
    honey::current().add_field("cart.items", 3);
    reserve(order.id);
    tokio::task::yield_now().await;
    charge(order).await
}

#[honey::event(fields(id))]
fn reserve(id: u64) {
    honey::current().add_field(
        "warehouse",
        if id.is_multiple_of(2) {
            "north"
        } else {
            "south"
        },
    );
}

#[honey::event(err)]
async fn charge(order: &Order) -> Result<Receipt, CheckoutError> {
    honey::root().add_field("customer.tier", "gold");
    tokio::task::yield_now().await;
    assert_eq!(order.card, CARD);
    if order.id.is_multiple_of(DECLINED_EVERY) {
        Err(CheckoutError)
    } else {
        Ok(Receipt)
    }
}

#[honey::dynamic_field(name = "process.threads")]
fn threads() -> u64 {
    4
}

async fn requests_of(place: u64) {
    requests(place, 0..REQUESTS_PER_PLACE).await;
}

async fn requests(place: u64, numbers: std::ops::Range<u64>) {
    for request in numbers {
        let id = place * REQUESTS_PER_PLACE + request;
        let customer = (id.is_multiple_of(2)).then(|| format!("customer \"{id}\" ✓"));
        let order = Order {
            id,
            total: 9.5,
            card: CARD.to_owned(),
            customer,
        };
        let outcome = checkout(id, &order, SECRET, &Db).await;
        assert_eq!(outcome.is_err(), id.is_multiple_of(DECLINED_EVERY));
    }
}

fn current_thread_runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
}

#[test]
fn a_thousand_requests_arrive_whole() {
    let server = Server::start().unwrap();
    let config = honey::Config::new(KEY)
        .api_host(server.url())
        .dataset("shop")
        .service_name("checkout")
        // What is given up is sent again, and may arrive twice.
        .request_timeout(LONG);
    let honey = honey::init(config).unwrap();
    honey::global().add_field("build", "1.2.3");
    let threads: Vec<_> = (1..PLACES)
        .map(|place| thread::spawn(move || current_thread_runtime().block_on(requests_of(place))))
        .collect();
    // Tasks of one runtime, which take turns on this thread at every `yield_now`.
    current_thread_runtime().block_on(async {
        let local = tokio::task::LocalSet::new();
        local
            .run_until(async {
                {
                    let share = REQUESTS_PER_PLACE / TASKS;
                    let tasks: Vec<_> = (0..TASKS)
                        .map(|task| {
                            tokio::task::spawn_local(requests(0, task * share..(task + 1) * share))
                        })
                        .collect();
                    for task in tasks {
                        task.await.unwrap();
                    }
                }
            })
            .await;
    });
    for thread in threads {
        thread.join().unwrap();
    }
    let mut by_hand = honey::Builder::new();
    by_hand.add_field("component", "batch");
    let mut event = by_hand.new_event();
    event.add_field("rows", u64::MAX);
    event.send();
    let report = honey.close(LONG);

    let created = REQUESTS * 3 + 1;
    assert_eq!(
        (report.stats.created, report.stats.accepted),
        (created, created),
        "{report}"
    );
    assert!(
        report.stats.is_balanced() && report.stats.pending == 0 && report.in_time,
        "{report}"
    );
    let events = server
        .wait_for_events(usize::try_from(created).unwrap(), LONG)
        .unwrap();
    assert_eq!(events.len() as u64, created, "each event arrives once");
    check_the_manual_event(&events);
    check_traces(&events);
    for request in server.requests() {
        let body = String::from_utf8_lossy(&request.body);
        assert!(
            !body.contains(SECRET) && !body.contains(CARD),
            "an argument that is not named must not leave"
        );
        assert_eq!(request.path, "/1/batch/shop");
    }
    assert!(!format!("{report:?} {:?}", server.requests()).contains(KEY));
}

fn check_the_manual_event(events: &[Event]) {
    let manual: Vec<&Event> = events
        .iter()
        .filter(|event| event.name().is_none())
        .collect();
    assert_eq!(manual.len(), 1);
    assert_eq!(manual[0].u64("rows"), Some(u64::MAX));
    assert_eq!(manual[0].str("component"), Some("batch"));
    assert_eq!(manual[0].str("build"), Some("1.2.3"));
}

fn check_traces(events: &[Event]) {
    let mut spans = BTreeSet::new();
    let mut traces: BTreeMap<&str, Vec<&Event>> = BTreeMap::new();
    for event in events.iter().filter(|event| event.name().is_some()) {
        assert!(spans.insert(event.span_id().unwrap()), "a span id twice");
        traces
            .entry(event.trace_id().unwrap())
            .or_default()
            .push(event);
        assert_eq!(event.str("service.name"), Some("checkout"));
        assert_eq!(event.str("build"), Some("1.2.3"));
        assert_eq!(event.u64("process.threads"), Some(4));
        assert_eq!(event.str("meta.signal_type"), Some("trace"));
    }
    assert_eq!(traces.len() as u64, REQUESTS, "a trace for each request");
    let mut seen = BTreeSet::new();
    for trace in traces.values() {
        seen.insert(check_trace(trace));
    }
    assert_eq!(seen.len() as u64, REQUESTS, "each request once");
}

/// Checks one request's trace; returns the request's number.
fn check_trace(trace: &[&Event]) -> u64 {
    let by_name: HashMap<&str, &Event> = trace
        .iter()
        .map(|event| (event.name().unwrap(), *event))
        .collect();
    assert_eq!(
        (trace.len(), by_name.len()),
        (3, 3),
        "checkout, reserve, charge"
    );
    let checkout = by_name["checkout"];
    let id = checkout.u64("user_id").unwrap();
    assert_eq!(checkout.parent_id(), None);
    assert_eq!(checkout.u64("order.id"), Some(id));
    assert_eq!(checkout.f64("order.total_usd"), Some(9.5));
    assert_eq!(checkout.u64("cart.items"), Some(3));
    assert_eq!(checkout.str("customer.tier"), Some("gold"));
    let customer = (id.is_multiple_of(2)).then(|| format!("customer \"{id}\" ✓"));
    assert_eq!(checkout.str("order.customer"), customer.as_deref());
    assert_eq!(by_name["reserve"].u64("id"), Some(id));
    let declined = id.is_multiple_of(DECLINED_EVERY);
    for name in ["checkout", "charge"] {
        let event = by_name[name];
        assert_eq!(
            event.str("outcome"),
            Some(if declined { "error" } else { "ok" })
        );
        assert_eq!(event.bool("error"), declined.then_some(true));
        assert_eq!(
            event.str("error.message"),
            declined.then_some("the card was declined")
        );
        assert!(
            event
                .str("error.type")
                .is_none_or(|name| name.ends_with("CheckoutError"))
        );
    }
    for name in ["reserve", "charge"] {
        let child = by_name[name];
        assert_eq!(child.parent_id(), checkout.span_id());
        assert!(
            child.time_ns >= checkout.time_ns,
            "a child begins after its parent"
        );
        assert!(end_ns(child) <= end_ns(checkout), "and ends before it");
    }
    assert!(
        end_ns(by_name["reserve"]) <= by_name["charge"].time_ns,
        "one after the other"
    );
    let expected = [
        "build",
        "cart.items",
        "customer.tier",
        "duration_ms",
        "host.name",
        "meta.signal_type",
        "name",
        "order.id",
        "order.total_usd",
        "outcome",
        "process.pid",
        "process.threads",
        "service.name",
        "telemetry.sdk.language",
        "telemetry.sdk.name",
        "telemetry.sdk.version",
        "trace.span_id",
        "trace.trace_id",
        "user_id",
    ];
    let keys: BTreeSet<&str> = checkout.data.keys().map(String::as_str).collect();
    let extra: Vec<_> = keys
        .difference(&expected.into())
        .filter(|key| !key.starts_with("error") && **key != "order.customer")
        .copied()
        .collect();
    assert!(extra.is_empty(), "only what was named: {extra:?}");
    id
}

/// To the nanosecond: `duration_ms` carries them all.
fn end_ns(event: &Event) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a duration of this test")]
    let duration_ns = (event.duration_ms().unwrap() * 1e6).round() as i64;
    event.time_ns + duration_ns
}
