//! What allocates, counted by an allocator: nothing for each event on the thread that makes it, and little in the whole process under
//! full load. One test, so that nobody else is counted.
#![expect(unsafe_code, reason = "an allocator that counts")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use honey::{Builder, Client, Config, Event};
use honey_test_support::{Act, Server};

/// So many events of each kind are counted together; they fit into one chunk.
const EVENTS: u64 = 40;
/// So many rounds before, each with a flush: buffers and chunks have been around by then.
const ROUNDS_BEFORE: u64 = 20;
/// Rounds of which the least counts.
const ROUNDS: u64 = 5;
/// Under full load.
const MANY_EVENTS: u64 = 50_000;
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);
const KEY: &str = concat!("honeykey", "4test-allocations");

thread_local! {
    /// Those of this thread.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    /// The server's threads are not honey's.
    static IS_SERVER: Cell<bool> = const { Cell::new(false) };
}

/// Those of all threads but the server's.
static ALL: AtomicU64 = AtomicU64::new(0);

fn count() {
    if !IS_SERVER.try_with(Cell::get).unwrap_or(false) {
        ALL.fetch_add(1, Ordering::Relaxed);
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
    }
}

struct Counting;

// SAFETY: hands everything to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promises are the system allocator's conditions.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

const NAME: &str = "joined at run time";

#[honey::event(rollup)]
fn look_up(key: u64) -> Option<u64> {
    (key > 3).then_some(key)
}

#[honey::event(rollup, name = NAME)]
fn named(key: u64) -> Result<u64, std::fmt::Error> {
    if key % 7 == 1 {
        Err(std::fmt::Error)
    } else {
        Ok(key)
    }
}

fn expensive() -> String {
    "evaluated".to_owned()
}

#[honey::event(fields(expensive = expensive()), ret(text = |n| n.to_string()), min_duration = "1ms")]
fn annotated(n: u64) -> u64 {
    n + 1
}

#[honey::event]
fn request() -> u64 {
    // The first calls make the fields.
    for key in 0..8 {
        let _ = (look_up(key), named(key));
    }
    allocations(|| {
        for key in 0..1_000 {
            let _ = (look_up(key), named(key));
        }
    })
}

#[honey::event(fields(user_id, plan))]
fn sync(user_id: u64, plan: &str) -> u64 {
    honey::current().add_field("cart.cached", true);
    honey::current().add_field("cart.total_usd", 99.95);
    honey::current().add_field("cart.currency", "EUR");
    honey::root().incr("visits", 1);
    user_id + plan.len() as u64
}

#[honey::event(fields(?user_id, %plan))]
fn formatted(user_id: u64, plan: &str) -> u64 {
    nested(user_id, plan)
}

#[honey::event(err)]
fn failing(user_id: u64) -> Result<u64, std::fmt::Error> {
    named(user_id | 1).and(Err(std::fmt::Error))
}

#[honey::event]
fn nested(user_id: u64, plan: &str) -> u64 {
    sync(user_id, plan)
}

/// Pending once.
struct Later(bool);

impl Future for Later {
    type Output = ();

    fn poll(mut self: std::pin::Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

#[honey::event(fields(user_id))]
async fn later(user_id: u64) -> u64 {
    Later(false).await;
    honey::current().add_field("cart.cached", true);
    user_id
}

fn poll_to_the_end(user_id: u64) {
    let mut future = pin!(later(user_id));
    let mut context = Context::from_waker(Waker::noop());
    while future.as_mut().poll(&mut context).is_pending() {}
}

#[honey::event(sample = 1_000_000_000)]
fn left_out(user_id: u64) -> u64 {
    sync(user_id, "a child")
}

fn by_hand(mut event: Event, n: u64) {
    event.add_field("n", n);
    event.add_field("method", "GET");
    event.add_field(
        "long",
        "some text that is neither long nor short, and then some more of it",
    );
    event.send();
}

/// What `work` allocates for [`EVENTS`] events, once buffers have their sizes: the least of some rounds, for a sweep that comes in the
/// midst of one takes the chunk away, and the next may still have to grow.
fn in_steady_state(mut work: impl FnMut(u64)) -> u64 {
    let mut round = || {
        assert!(honey::flush(LONG));
        allocations(|| (0..=EVENTS).for_each(&mut work))
    };
    for _ in 0..ROUNDS_BEFORE {
        round();
    }
    (0..ROUNDS).map(|_| round()).min().unwrap_or_default()
}

/// An event of one of four kinds, which the encoder writes in different ways.
fn mixed(n: u64) {
    match n % 4 {
        0 => _ = sync(n, "checkout"),
        1 => _ = failing(n),
        2 => by_hand(Event::new(), n),
        _ => {
            let mut event = Event::new();
            event.add_field("statement", "SELECT \"id\"\nFROM orders");
            // In place of the scope's.
            event.add_field("build", n);
            for key in KEYS {
                event.add_field(key, n);
            }
            event.send();
        }
    }
}

const KEYS: [&str; 20] = [
    "a.00", "a.01", "a.02", "a.03", "a.04", "a.05", "a.06", "a.07", "a.08", "a.09", "a.10", "a.11",
    "a.12", "a.13", "a.14", "a.15", "a.16", "a.17", "a.18", "a.19",
];

/// While no client is live.
fn disabled() {
    let allocated = allocations(|| {
        for n in 0..100 {
            black_box(annotated(n));
            let _ = (look_up(n), named(n));
            by_hand(Event::new(), n);
            poll_to_the_end(n);
        }
    });
    assert_eq!(allocated, 0, "no client is live");
}

fn on_the_caller() {
    let _guard = honey::init(Config::new("key").api_host("").dataset("d").silent()).unwrap();
    assert_eq!(request(), 0, "rolled-up calls");
    honey::global().add_field("build", "1.2.3");
    let mut builder = Builder::new();
    builder.add_field("part", "of a Builder");
    let mut keys = Vec::new();
    let dynamic_keys = |n: u64| {
        let mut event = Event::new();
        // The key's own memory is the caller's.
        if keys.is_empty() {
            keys = (0..=EVENTS).map(|key| format!("key.{key}")).collect();
        }
        event.add_field(keys.pop().unwrap_or_default(), n);
        event.send();
    };
    let cases: [(&str, &mut dyn FnMut(u64)); 9] = [
        ("sync", &mut |n| _ = sync(n, "checkout")),
        ("nested, formatted", &mut |n| _ = formatted(n, "checkout")),
        ("failing", &mut |n| _ = failing(n)),
        ("async", &mut poll_to_the_end),
        ("by hand", &mut |n| by_hand(Event::new(), n)),
        ("of a Builder", &mut |n| by_hand(builder.new_event(), n)),
        ("left out", &mut |n| _ = left_out(n)),
        ("in turns", &mut |n| {
            by_hand(builder.new_event(), sync(n, "checkout"));
            by_hand(Event::new(), n);
        }),
        ("a timer", &mut |n| {
            let _scope = honey::start_child("scope");
            let _timer = honey::current().time("work_ms");
            black_box(n);
        }),
    ];
    for (case, work) in cases {
        assert_eq!(in_steady_state(work), 0, "{case}");
    }
    // One list of keys for each round.
    assert!(
        in_steady_state(dynamic_keys) <= 2 * (EVENTS + 2),
        "dynamic keys"
    );
    honey::global().add_dynamic_field("process.threads", || black_box(4_u64));
    honey::global().add_dynamic_field("process.state", || "running");
    assert_eq!(
        in_steady_state(|n| _ = sync(n, "checkout")),
        0,
        "dynamic fields"
    );
}

fn in_the_process() {
    let server = Server::new(|request| {
        IS_SERVER.set(true);
        let events = request.body.windows(7).filter(|at| *at == b"\"data\":");
        let answers = vec![r#"{"status":202}"#; events.count()];
        Act::status(200, format!("[{}]", answers.join(",")))
    });
    server.keep_last(1);
    let config = Config::new(KEY)
        .api_host(server.url())
        .dataset("allocations")
        .compression(honey::Compression::None)
        .block_on_send(LONG)
        .silent();
    let client = Client::new(config).unwrap();
    honey::with_client(&client, || {
        honey::global().add_field("build", "1.2.3");
        // One in four of each kind, so that whatever allocated once for each of them would show.
        let load = || (0..MANY_EVENTS).for_each(mixed);
        load();
        assert!(client.flush(LONG));
        let before = ALL.load(Ordering::Relaxed);
        load();
        assert!(client.flush(LONG));
        let allocated = ALL.load(Ordering::Relaxed) - before;
        assert!(
            allocated * 10 <= MANY_EVENTS,
            "{allocated} allocations for {MANY_EVENTS} events"
        );
    });
    let report = client.close(LONG);
    assert_eq!(report.stats.accepted, 2 * MANY_EVENTS, "{report}");
}

#[test]
fn what_allocates() {
    disabled();
    on_the_caller();
    in_the_process();
}
