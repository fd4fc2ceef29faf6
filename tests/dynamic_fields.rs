//! Dynamic fields that fail, and those that take their time. A program of its own, since its dynamic fields are everywhere in it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, and panics are what one of these is about"
)]

use honey_test_support::until;
use std::cell::Cell;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use honey::testing::{CapturedEvent, capture};
use honey::{DiagnosticKind, HoneyFields};

/// What the fields of this thread's events are to do.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Well,
    Panics,
    PanicsHalfway,
    GivesNothing,
    Fails,
    TakesLong,
    RecordsItself,
}

thread_local! {
    static MOOD: Cell<Mood> = const { Cell::new(Mood::Well) };
}

/// Longer than honey lets a field take in silence.
const TOO_LONG: Duration = Duration::from_millis(2);
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);

#[honey::dynamic_field(name = "value")]
fn value() -> Result<Option<u32>, &'static str> {
    match MOOD.get() {
        Mood::Panics => panic!("no value today"),
        Mood::GivesNothing => Ok(None),
        Mood::Fails => Err("no value today"),
        Mood::TakesLong => {
            let began = Instant::now();
            while began.elapsed() < TOO_LONG {
                std::hint::spin_loop();
            }
            Ok(Some(7))
        }
        Mood::RecordsItself => {
            inside();
            honey::current().add_field("from.inside", true);
            Ok(Some(7))
        }
        Mood::Well | Mood::PanicsHalfway => Ok(Some(7)),
    }
}

#[honey::event]
fn inside() {}

struct Pair;

impl HoneyFields for Pair {
    fn record(&self, out: &mut honey::FieldSink<'_>) {
        out.put("pair.first", honey::Value::U64(1));
        assert!(MOOD.get() != Mood::PanicsHalfway);
        out.put("pair.second", honey::Value::U64(2));
    }
}

#[honey::dynamic_field(fields)]
fn pair() -> Pair {
    Pair
}

#[honey::dynamic_field(name = "once", once)]
fn once() -> Result<u64, &'static str> {
    if MOOD.get() == Mood::Fails {
        Err("not now")
    } else {
        Ok(1)
    }
}

#[honey::dynamic_field(name = "hourly", every = "60m")]
fn hourly() -> u32 {
    assert!(MOOD.get() != Mood::Panics);
    3
}

#[honey::event]
fn work() {}

/// Two events of a client that is made in this mood.
fn in_mood(mood: Mood) -> (Vec<CapturedEvent>, honey::Stats) {
    MOOD.set(mood);
    let captured = capture(|| {
        work();
        work();
    });
    MOOD.set(Mood::Well);
    assert!(captured.stats().is_balanced());
    (captured.events().to_vec(), captured.stats())
}

#[track_caller]
fn assert_has(events: &[CapturedEvent], present: &[&str], absent: &[&str]) {
    assert_eq!(events.len(), 2);
    for event in events {
        for key in present {
            assert!(event.field(key).is_some(), "{key} is missing: {event:?}");
        }
        for key in absent {
            assert_eq!(event.field(key), None, "{key}");
        }
    }
}

#[test]
fn when_all_is_well_every_event_has_them() {
    let (events, stats) = in_mood(Mood::Well);
    let all = ["value", "pair.first", "pair.second", "once", "hourly"];
    assert_has(&events, &all, &[]);
    assert_eq!((stats.user_panics, stats.bad_values), (0, 0));
}

#[test]
fn a_panic_costs_the_field_and_is_counted() {
    let (events, stats) = in_mood(Mood::Panics);
    assert_has(
        &events,
        &["pair.first", "pair.second"],
        &["value", "hourly"],
    );
    // `value` for each event; `hourly` once, when the client was made, and not again within the hour.
    assert_eq!(stats.user_panics, 3);
}

#[test]
fn a_panic_halfway_keeps_what_was_there() {
    let (events, stats) = in_mood(Mood::PanicsHalfway);
    assert_has(&events, &["value", "pair.first"], &["pair.second"]);
    assert_eq!(stats.user_panics, 2);
}

#[test]
fn none_is_nothing_at_all() {
    let (events, stats) = in_mood(Mood::GivesNothing);
    assert_has(&events, &["pair.first"], &["value"]);
    assert_eq!(stats.user_panics, 0);
}

#[test]
fn an_err_is_counted_and_one_of_once_only_once() {
    let (events, stats) = in_mood(Mood::Fails);
    assert_has(&events, &["pair.first"], &["value", "once"]);
    assert_eq!(stats.bad_values, 3);
}

#[honey::event]
fn around() {
    work();
}

#[test]
fn what_it_records_itself_is_left_out_and_counted() {
    MOOD.set(Mood::RecordsItself);
    let captured = capture(around);
    MOOD.set(Mood::Well);
    assert_has(&captured.events().to_vec(), &["value"], &["from.inside"]);
    // `around` was current while `work` began; nothing was while `around` did.
    let stats = captured.stats();
    assert_eq!((stats.created, stats.reentrant), (2, 1));
}

/// What a client says while this thread makes `count` events in this mood.
fn said_about(mood: Mood, count: u32) -> Vec<(DiagnosticKind, String)> {
    let said = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&said);
    let config = honey::Config::new("key")
        .api_host("")
        .dataset("d")
        .dynamic_fields(true)
        .on_diagnostic(move |kind, text| heard.lock().unwrap().push((kind, text.to_owned())));
    let client = honey::Client::new(config).unwrap();
    MOOD.set(mood);
    honey::with_client(&client, || (0..count).for_each(|_| work()));
    MOOD.set(Mood::Well);
    let stats = client.close(LONG).stats;
    assert!(stats.is_balanced());
    // Once of each kind.
    until("all has been said", || {
        said.lock().unwrap().len() >= stats.diagnostics.len()
    });
    std::mem::take(&mut *said.lock().unwrap())
}

#[test]
fn one_that_is_not_wanted_is_left_out_by_its_name() {
    let server = honey_local::Server::start().unwrap();
    let said = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&said);
    let config = honey::Config::new(concat!("honeykey4", "test"))
        .api_host(server.url())
        .dataset("d")
        // What is given up is sent again, and may arrive twice.
        .request_timeout(LONG)
        .dynamic_fields(true)
        .without_dynamic_field("value")
        .without_dynamic_field("valeu")
        .on_diagnostic(move |kind, text| heard.lock().unwrap().push((kind, text.to_owned())));
    let client = honey::Client::new(config).unwrap();
    honey::with_client(&client, work);
    assert!(client.close(LONG).stats.is_balanced());
    until("a word", || !said.lock().unwrap().is_empty());
    let events = server.events();
    assert_eq!(events.len(), 1);
    assert!(
        !events[0].data.contains_key("value"),
        "{:?}",
        events[0].data
    );
    assert!(
        events[0].data.contains_key("pair.first"),
        "{:?}",
        events[0].data
    );
    let said = said.lock().unwrap();
    let [(DiagnosticKind::Misuse, text)] = &said[..] else {
        panic!("one message: {said:?}")
    };
    assert!(
        text.contains("\"valeu\"") && text.contains("honey::dynamic_fields()"),
        "{text}"
    );
}

#[test]
fn a_slow_one_is_said_once_by_name() {
    // A whole round of what is timed, wherever this thread stands in it.
    let said = said_about(Mood::TakesLong, 40);
    let [(DiagnosticKind::SlowField, text)] = &said[..] else {
        panic!("{said:?}")
    };
    assert!(text.contains("the dynamic field \"value\" took "), "{text}");
    assert!(text.contains("every = \"1s\""), "{text}");
}

#[test]
fn a_panic_is_said_too() {
    let said = said_about(Mood::Panics, 3);
    let panics = said
        .iter()
        .filter(|(kind, _)| *kind == DiagnosticKind::UserPanic);
    assert_eq!(panics.count(), 1, "{said:?}");
}

#[test]
fn the_listing_is_sorted_and_says_where() {
    let fields = honey::dynamic_fields();
    let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
    assert_eq!(names, ["hourly", "once", "pair", "value"]);
    let (file, line) = fields[3].location();
    assert_eq!(
        (file, fields[3].module()),
        ("tests/dynamic_fields.rs", "dynamic_fields")
    );
    let source = include_str!("dynamic_fields.rs");
    let at = source.lines().nth(line as usize - 1).unwrap();
    assert_eq!(at, "#[honey::dynamic_field(name = \"value\")]");
}
