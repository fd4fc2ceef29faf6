//! The global client, one test after another in a binary of its own.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and some panic on purpose"
)]

use std::cell::RefCell;
use std::io::Write;
use std::panic::{catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use honey::transmission::{Discard, Writer};
use honey::{Client, Config, DiagnosticKind, FutureExt as _};
use honey_test_support::{honey_threads, until};
use serde_json::Value;

const LONG: Duration = Duration::from_secs(60);
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was written, to be read as events.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn events(&self) -> Vec<Value> {
        let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

fn config(lines: &Lines, dataset: &str) -> Config {
    Config::new("k")
        .dataset(dataset)
        .transmission(Writer::new(lines.clone()))
        .silent()
}

/// Asks honey something when it is dropped.
struct Asks;

impl Drop for Asks {
    fn drop(&mut self) {
        let _ = honey::stats();
    }
}

#[test]
fn a_scope_that_asks_when_it_is_dropped_does_not_deadlock_the_next_init() {
    let _alone = alone();
    let guard = honey::init(Config::new("k").transmission(Discard)).unwrap();
    let asks = Asks;
    honey::global().add_dynamic_field("x", move || {
        let _ = &asks;
        1
    });
    guard.close(LONG);
    let guard = honey::init(Config::new("k").transmission(Discard)).unwrap();
    honey::in_child_event("first of the second client", || ());
    assert_eq!(guard.close(LONG).stats.created, 1);
}

#[test]
fn a_builder_outlives_clients_and_keeps_what_it_was_given() {
    let _alone = alone();
    let mut early = honey::Builder::new();
    early
        .set_dataset("audit")
        .set_sample_rate(1)
        .add_field("early", true);
    let (first, second) = (Lines::default(), Lines::default());
    let guard = honey::init(config(&first, "main")).unwrap();
    honey::global().add_field("build", 1);
    early.new_event().send();
    let mut made_under_first = honey::Builder::new();
    made_under_first.add_field("of", "the first");
    guard.close(LONG);
    let guard = honey::init(config(&second, "main")).unwrap();
    early.clone().new_event().send();
    made_under_first.new_event().send();
    assert_eq!(guard.close(LONG).stats.accepted, 2);

    let events = first.events();
    assert_eq!(events.len(), 1);
    assert_eq!(
        (&events[0]["dataset"], &events[0]["data"]["early"]),
        (&"audit".into(), &true.into())
    );
    assert_eq!(
        events[0]["data"]["build"], 1,
        "the client's scope comes first"
    );
    let events = second.events();
    assert_eq!(events[0]["dataset"], "audit");
    assert_eq!(
        (&events[1]["dataset"], &events[1]["data"]["of"]),
        (&"main".into(), &"the first".into())
    );
}

#[test]
fn a_task_of_a_closed_client_does_not_spill_into_the_global_one() {
    let _alone = alone();
    let (global, tenant) = (Lines::default(), Lines::default());
    let guard = honey::init(config(&global, "global")).unwrap();
    let client = Client::new(config(&tenant, "tenant")).unwrap();
    let task = honey::with_client(&client, || {
        let _scope = honey::start_child("request");
        async {
            let mut event = honey::Event::new();
            event.add_field("secret", "of the tenant");
            event.send();
            drop(honey::start_child("late"));
        }
        .in_current_event()
    });
    client.close(LONG);
    let mut task = Box::pin(task);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(task.as_mut().poll(&mut context).is_ready());
    guard.close(LONG);
    assert_eq!(global.events(), [Value::Null; 0]);
    assert_eq!(tenant.events().len(), 1);
}

#[test]
fn a_late_child_goes_where_its_trace_belongs() {
    let _alone = alone();
    let (of_a, of_b) = (Lines::default(), Lines::default());
    let a = Client::new(config(&of_a, "A")).unwrap();
    let b = Client::new(config(&of_b, "B")).unwrap();
    let handle = honey::with_client(&a, || honey::start_child("root of A").handle());
    // Its cell is free by now, and serves this one.
    let other = honey::with_client(&b, || honey::start_child("root of B"));
    thread::scope(|scope| {
        scope.spawn(|| honey::scope(handle, || drop(honey::start_child("late child of A"))));
    });
    drop(other);
    a.close(LONG);
    b.close(LONG);
    let names = |lines: &Lines| -> Vec<String> {
        let events = lines.events();
        events
            .iter()
            .map(|event| event["data"]["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let mut names_of_a = names(&of_a);
    names_of_a.sort();
    assert_eq!(names_of_a, ["late child of A", "root of A"]);
    assert_eq!(names(&of_b), ["root of B"]);
}

#[test]
fn a_panic_that_is_raised_again_does_not_get_the_text_of_another() {
    let _alone = alone();
    let lines = Lines::default();
    let guard = honey::init(config(&lines, "d").capture_panics(true)).unwrap();
    let _ = catch_unwind(|| panic!("unrelated, long ago"));
    let _ = catch_unwind(|| {
        honey::in_child_event("resumed", || resume_unwind(Box::new("without a hook")))
    });
    let _ = catch_unwind(|| honey::in_child_event("panicked", || panic!("at {}", 7)));
    guard.close(LONG);
    let events = lines.events();
    let ended = events
        .iter()
        .map(|event| &event["data"])
        .filter(|data| data["outcome"] == "panic");
    let [resumed, panicked] = ended.collect::<Vec<_>>()[..] else {
        panic!("{events:?}")
    };
    assert_eq!(
        (&resumed["outcome"], &resumed["error.message"]),
        (&"panic".into(), &Value::Null)
    );
    let text = panicked["error.message"].as_str().unwrap();
    assert!(
        text.starts_with("at 7 (") && text.contains("global.rs"),
        "{text}"
    );
    assert_eq!(panicked["error.type"], "panic");
}

#[test]
fn a_panic_is_recorded_once_where_it_happens_be_it_caught_or_not() {
    let _alone = alone();
    let lines = Lines::default();
    let guard = honey::init(config(&lines, "d").capture_panics(true)).unwrap();
    // Nothing of the program's runs in the hook, where its panic would abort the process.
    honey::global().add_dynamic_field("bad", || -> u64 { panic!("in a dynamic field") });
    let thread = thread::Builder::new().name("no event".to_owned());
    let _ = thread.spawn(|| panic!("on its own")).unwrap().join();
    honey::in_child_event("request", || {
        let _ = catch_unwind(|| panic!("caught"));
        // A `Drop` that panics, and is caught, while another panic is under way.
        let _ = catch_unwind(|| {
            let _drop = PanicsInside;
            panic!("outer")
        });
    });
    let mut cancelled = Box::pin(
        std::future::poll_fn(|_| {
            let _ = catch_unwind(|| panic!("caught in a poll"));
            std::task::Poll::<()>::Pending
        })
        .in_child_event("cancelled"),
    );
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(cancelled.as_mut().poll(&mut context).is_pending());
    drop(cancelled);
    // The panic of an event that sampling leaves out is left out with it.
    honey::in_child_event("unsampled", || {
        honey::current().sample(u32::MAX);
        let _ = catch_unwind(|| panic!("unsampled"));
    });
    let stats = guard.close(LONG).stats;
    assert!(stats.is_balanced(), "{stats}");
    assert_eq!(stats.sampled_out, 1);
    let events = lines.events();
    let of = |name: &str| -> Vec<&Value> {
        let events = events.iter().map(|event| &event["data"]);
        events.filter(|data| data["name"] == name).collect()
    };
    let [panic] = of("panic")[..] else {
        panic!("{events:?}")
    };
    let message = panic["error.message"].as_str().unwrap();
    assert!(
        message.starts_with("on its own (") && message.contains("global.rs"),
        "{message}"
    );
    assert_eq!(
        (&panic["error"], &panic["error.type"]),
        (&true.into(), &"panic".into())
    );
    assert_eq!(panic["thread.name"], "no event");
    let exceptions = of("exception");
    let texts: Vec<_> = exceptions
        .iter()
        .map(|data| &data["exception.message"])
        .collect();
    assert_eq!(texts, ["caught", "outer", "inner", "caught in a poll"]);
    let exceptions = &exceptions[..3];
    let cancelled = of("cancelled")[0];
    assert_eq!(
        (&cancelled["outcome"], &cancelled["error.message"]),
        (&"cancelled".into(), &Value::Null)
    );
    let request = of("request")[0];
    assert_eq!(request["outcome"], "ok");
    let wants_backtrace =
        std::backtrace::Backtrace::capture().status() == std::backtrace::BacktraceStatus::Captured;
    for data in exceptions {
        assert_eq!(data["trace.parent_id"], request["trace.span_id"]);
        assert_eq!(data["exception.type"], "panic");
        assert!(
            data["code.file.path"]
                .as_str()
                .unwrap()
                .ends_with("global.rs")
        );
        assert!(data["code.line.number"].is_u64());
        assert_eq!(data.get("exception.stacktrace").is_some(), wants_backtrace);
    }
    // A client that did not ask is told nothing.
    let lines = Lines::default();
    let guard = honey::init(config(&lines, "d")).unwrap();
    let _ = thread::spawn(|| panic!("nobody's")).join();
    honey::in_child_event("request", || _ = catch_unwind(|| panic!("nobody's")));
    guard.close(LONG);
    assert_eq!(lines.events().len(), 1);
}

struct PanicsInside;

impl Drop for PanicsInside {
    fn drop(&mut self) {
        let _ = catch_unwind(|| panic!("inner"));
    }
}

thread_local! {
    static HELD: RefCell<Option<honey::EventScope>> = const { RefCell::new(None) };
}

#[test]
fn an_event_that_is_open_when_its_thread_ends_is_sent_as_cancelled() {
    let _alone = alone();
    let lines = Lines::default();
    let guard = honey::init(config(&lines, "d")).unwrap();
    thread::spawn(|| {
        // First used here, so destroyed after honey's own state.
        HELD.with_borrow_mut(|held| *held = None);
        let scope = honey::start_child("held too long");
        HELD.with_borrow_mut(|held| *held = Some(scope));
    })
    .join()
    .unwrap();
    let stats = guard.close(LONG).stats;
    assert_eq!(
        (stats.created, stats.accepted, stats.open),
        (1, 1, 0),
        "{stats}"
    );
    assert_eq!(lines.events()[0]["data"]["outcome"], "cancelled");
}

#[test]
fn readers_of_responses_learn_that_the_client_is_closed() {
    let _alone = alone();
    let guard = honey::init(Config::new("k").transmission(Discard)).unwrap();
    let responses = honey::responses();
    let reader = thread::spawn(move || {
        let mut count = 0;
        while responses.recv_timeout(LONG).is_ok() {
            count += 1;
        }
        (count, responses.recv_timeout(LONG).unwrap_err())
    });
    honey::in_child_event("one", || ());
    guard.close(LONG);
    assert_eq!(reader.join().unwrap(), (1, honey::RecvError::Closed));
}

/// What honey says of guards that were dropped at once, to any of the clients with this configuration.
#[derive(Clone, Default)]
struct Hints(Arc<Mutex<Vec<String>>>);

impl Hints {
    fn config(&self) -> Config {
        let said = Arc::clone(&self.0);
        Config::new("k")
            .transmission(Discard)
            .on_diagnostic(move |kind, text| {
                if kind == DiagnosticKind::DroppedGuard {
                    said.lock().unwrap().push(text.to_owned());
                }
            })
    }

    /// Whatever is under way is said by then: nothing of honey's is left.
    fn all(&self) -> Vec<String> {
        until("honey's threads are gone", || honey_threads().is_empty());
        self.0.lock().unwrap().clone()
    }
}

#[test]
fn a_guard_that_nobody_bound_is_said_once_with_what_to_write() {
    let _alone = alone();
    for event in ["checkout", "an event"] {
        let hints = Hints::default();
        let mut tries = 0;
        // A machine that stops for a second in between is told nothing: it tries again.
        until("it is said", || {
            tries += 1;
            let _ = honey::init(hints.config()).unwrap();
            for _ in 0..3 {
                if event == "checkout" {
                    honey::in_child_event("checkout", || ());
                }
                honey::Event::new().send();
            }
            !hints.all().is_empty()
        });
        let said = hints.all();
        assert!(said.len() <= tries, "{said:?} in {tries} tries");
        assert!(
            said[0].contains(event) && said[0].contains("let _guard = honey::init(…)?;"),
            "{said:?}"
        );
    }
}

#[test]
fn a_program_that_closes_as_it_should_is_told_nothing() {
    let _alone = alone();
    let hints = Hints::default();
    let late = || {
        honey::in_child_event("late", || ());
        honey::Event::new().send();
    };
    // It had events, ended or open, before it ended.
    let guard = honey::init(hints.config()).unwrap();
    honey::in_child_event("work", || ());
    drop(guard);
    late();
    let guard = honey::init(hints.config()).unwrap();
    let open = honey::start_child("work");
    drop(guard);
    late();
    drop(open);
    // It closed in so many words.
    honey::init(hints.config()).unwrap().close(LONG);
    late();
    let guard = honey::init(hints.config()).unwrap();
    guard.client().close(LONG);
    drop(guard);
    late();
    // It began again, or goes on with a client of its own, or means that nothing is recorded.
    drop(honey::init(hints.config()).unwrap());
    let guard = honey::init(hints.config()).unwrap();
    late();
    guard.close(LONG);
    drop(honey::init(hints.config()).unwrap());
    let client = Client::new(hints.config()).unwrap();
    honey::with_client(&client, late);
    client.close(LONG);
    let disabled = Client::new(hints.config().disabled(true)).unwrap();
    honey::with_client(&disabled, late);
    drop(honey::init(hints.config().disabled(true)).unwrap());
    drop(honey::init(hints.config()).unwrap());
    honey::init(hints.config()).unwrap().close(LONG);
    late();
    assert_eq!(hints.all(), [""; 0]);
}

/// Buffers are kept for the next event of their thread, with the client and the scope of the last one.
#[test]
fn a_buffer_that_is_used_again_has_the_scope_and_the_client_of_now() {
    let _alone = alone();
    let (first, second) = (Lines::default(), Lines::default());
    let guard = honey::init(config(&first, "main")).unwrap();
    let (go, turns) = mpsc::channel::<&'static str>();
    let (done, is_done) = mpsc::channel();
    let worker = thread::spawn(move || {
        for turn in turns {
            honey::in_child_event(turn, || honey::current().add_field("on", "the worker"));
            let mut event = honey::Event::new();
            event.add_field("turn", turn);
            event.send();
            done.send(()).unwrap();
        }
    });
    let turn = |name| {
        go.send(name).unwrap();
        is_done.recv_timeout(LONG).unwrap();
    };
    turn("before");
    honey::global().add_field("later", 1);
    turn("after");
    guard.close(LONG);
    turn("between");
    let guard = honey::init(config(&second, "main")).unwrap();
    turn("again");
    drop(go);
    worker.join().unwrap();
    assert_eq!(guard.close(LONG).stats.created, 2);

    let later: Vec<_> = first
        .events()
        .iter()
        .map(|event| event["data"]["later"].as_u64())
        .collect();
    assert_eq!(later, [None, None, Some(1), Some(1)]);
    let again = second.events();
    assert_eq!(again.len(), 2);
    assert!(again.iter().all(|event| event["data"]["later"].is_null()));
}

/// What an inner override leaves is the outer one, for new events and for what goes to other threads.
#[test]
fn after_an_inner_client_the_outer_one_is_current_again() {
    let _alone = alone();
    let [global, outer, inner]: [Lines; 3] = std::array::from_fn(|_| Lines::default());
    let guard = honey::init(config(&global, "main")).unwrap();
    let outer_client = Client::new(config(&outer, "outer")).unwrap();
    let inner_client = Client::new(config(&inner, "inner")).unwrap();
    // Two at once have a buffer each.
    let send = || {
        for mut event in [honey::Event::new(), honey::Event::new()] {
            event.add_field("sent", true);
            event.send();
        }
    };
    send();
    honey::with_client(&outer_client, || {
        honey::with_client(&inner_client, send);
        send();
        let here = honey::current();
        let there = move || honey::scope(here, || honey::in_child_event("there", || ()));
        thread::spawn(there).join().unwrap();
    });
    send();
    for client in [&outer_client, &inner_client] {
        client.close(LONG);
    }
    guard.close(LONG);
    let arrived = [&global, &outer, &inner].map(|lines| lines.events().len());
    assert_eq!(arrived, [4, 3, 2]);
}
