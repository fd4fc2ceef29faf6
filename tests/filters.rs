//! `Config::filter`: events silenced and sampled at run time.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support as _;
use std::collections::BTreeMap;
use std::time::Duration;

use honey::{Client, Config};
use honey_local::Server;

const KEY: &str = concat!("honeykey", "4test-filters");
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);

mod db {
    #[honey::event]
    pub(crate) fn query() {
        row();
    }

    #[honey::event]
    pub(crate) fn row() {}

    pub(crate) mod pool {
        #[honey::event(sample = 1_000_000)]
        pub(crate) fn take() {}
    }
}

#[honey::event]
fn request() {
    db::query();
    look_up();
    honey::in_child_event("by hand", || ());
}

#[honey::event(rollup)]
fn look_up() {}

#[honey::event]
async fn asynchronous() {
    db::query();
}

/// How often each event arrived, and the parents' names.
fn sent(filter: &str, work: impl FnOnce()) -> (BTreeMap<String, usize>, Vec<honey_local::Event>) {
    let server = Server::start().unwrap();
    let config = Config::new(KEY)
        .api_host(server.url())
        .dataset("filters")
        // What is given up is sent again, and may arrive twice.
        .request_timeout(LONG)
        .filter(filter)
        .silent();
    let client = Client::new(config).unwrap();
    honey::with_client(&client, work);
    let stats = client.close(LONG).stats;
    assert!(stats.is_balanced(), "{stats}");
    let events = server.events();
    let mut counts = BTreeMap::new();
    for event in &events {
        *counts.entry(event.name().unwrap().to_owned()).or_default() += 1;
    }
    (counts, events)
}

fn names(filter: &str, work: impl FnOnce()) -> Vec<String> {
    sent(filter, work).0.into_keys().collect()
}

#[test]
fn names_and_modules_are_silenced_and_what_is_inside_moves_up() {
    assert_eq!(names("", request), ["by hand", "query", "request", "row"]);
    assert_eq!(names("*::db=off", request), ["by hand", "request"]);
    assert_eq!(
        names("filters::db=off, row=on", request),
        ["by hand", "request", "row"]
    );
    // A rolled-up call in no event is one itself.
    assert_eq!(
        names("by hand=off,request=off", request),
        ["look_up", "query", "row"]
    );
    assert_eq!(names("*=off", request), [""; 0]);
    let (_, events) = sent("query=off", request);
    let named = |name: &str| {
        let mut found = events.iter().filter(|event| event.name() == Some(name));
        found.next().unwrap().data.clone()
    };
    assert_eq!(
        named("row")["trace.parent_id"],
        named("request")["trace.span_id"]
    );
}

#[test]
fn a_rate_takes_the_place_of_the_annotations() {
    let take = || {
        for _ in 0..200 {
            db::pool::take();
        }
    };
    assert_eq!(names("", take), [""; 0], "1 in a million");
    let (counts, events) = sent("take=1/1", take);
    assert_eq!(counts["take"], 200);
    assert_eq!(events[0].sample_rate, 1);
    let (counts, events) = sent("take=1/4", take);
    let kept = counts["take"];
    assert!((20..90).contains(&kept), "{kept} of 200 at 1 in 4");
    assert!(events.iter().all(|event| event.sample_rate == 4));
}

#[test]
fn a_trace_is_kept_or_dropped_whole() {
    let (counts, events) = sent("request=1/3", || (0..300).for_each(|_| request()));
    let roots = counts["request"];
    assert!((40..180).contains(&roots), "{roots} of 300 at 1 in 3");
    for name in ["query", "row", "by hand"] {
        assert_eq!(counts[name], roots, "{name}");
    }
    assert!(events.iter().all(|event| event.sample_rate == 3));
}

#[test]
fn a_rolled_up_call_can_be_silenced() {
    let count = |filter: &str| {
        let (_, events) = sent(filter, request);
        let request = events.iter().find(|event| event.name() == Some("request"));
        request.unwrap().u64("look_up.count")
    };
    assert_eq!(count("look_up=1/100"), Some(1));
    assert_eq!(count("look_up=off"), None);
}

#[test]
fn a_silenced_async_function_runs_all_the_same() {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(asynchronous());
    };
    assert_eq!(names("asynchronous=off", run), ["query", "row"]);
}

#[test]
fn two_clients_with_filters_of_their_own_take_turns() {
    for _ in 0..3 {
        assert_eq!(names("query=off", db::query), ["row"]);
        assert_eq!(names("row=off", db::query), ["query"]);
    }
}
