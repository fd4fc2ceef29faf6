//! Spans as events: parents, times, ends.

use honey::FutureExt as _;
use honey_test_support::until;
use tracing::{Span, info_span, trace_span};
use tracing_subscriber::filter::{EnvFilter, LevelFilter};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};

use crate::{assert_balanced, bridged, text, traces, tree};

#[honey::event]
fn service(work: impl FnOnce()) {
    work();
}

#[test]
fn spans_and_events_are_one_tree() {
    let captured = bridged(|| {
        service(|| {
            info_span!("library").in_scope(|| {
                info_span!("inner").in_scope(|| honey::in_child_event("callback", || ()));
                honey::current().add_field("seen", true);
                honey::root().incr("library.calls", 1);
            });
        });
    });
    assert_eq!(
        tree(&captured),
        [
            "callback < inner",
            "inner < library",
            "library < service",
            "service < root"
        ]
    );
    assert_eq!(traces(&captured), 1);
    assert_eq!(
        captured.event("library").field("seen"),
        Some(&true.into()),
        "the current event is the span"
    );
    assert_eq!(
        captured.event("service").field("library.calls"),
        Some(&1.into())
    );
    assert_balanced(&captured);
}

#[test]
fn parents_that_are_given() {
    let captured = bridged(|| {
        let first = info_span!("first");
        let second = info_span!("second");
        let _in_second = second.enter();
        info_span!(parent: &first, "of first").in_scope(|| info_span!("below"));
        info_span!("of second");
        info_span!(parent: None, "alone");
    });
    assert_eq!(
        tree(&captured),
        [
            "alone < root",
            "below < of first",
            "first < root",
            "of first < first",
            "of second < second",
            "second < root"
        ]
    );
    assert_eq!(traces(&captured), 3);
}

#[test]
fn a_parent_that_a_filter_keeps_from_the_layer_is_left_out() {
    let layer = honey::tracing::layer().with_filter(LevelFilter::INFO);
    let subscriber = tracing_subscriber::registry().with(layer);
    let captured = tracing::subscriber::with_default(subscriber, || {
        honey::testing::capture(|| {
            let outer = info_span!("outer").entered();
            let hidden = trace_span!("hidden");
            let _in_hidden = hidden.enter();
            info_span!("contextual");
            // Its parent is one that the layer has never seen.
            info_span!(parent: &hidden, "explicit");
            drop(outer);
        })
    });
    assert_eq!(
        tree(&captured),
        ["contextual < outer", "explicit < root", "outer < root"]
    );
}

#[test]
fn filters_of_one_layer_do_not_touch_another() {
    let honey_only = honey::tracing::layer()
        .with_filter(EnvFilter::new("off,bridges::spans=debug,[always]=trace"));
    let subscriber = tracing_subscriber::registry()
        .with(honey_only)
        .with(LevelFilter::TRACE);
    let captured = tracing::subscriber::with_default(subscriber, || {
        honey::testing::capture(|| {
            tracing::debug_span!("kept").in_scope(|| ());
            trace_span!("left out").in_scope(|| ());
            info_span!(target: "elsewhere", "other target").in_scope(|| ());
            info_span!("always").in_scope(|| trace_span!("inside").in_scope(|| ()));
        })
    });
    assert_eq!(
        tree(&captured),
        ["always < root", "inside < always", "kept < root"]
    );
}

#[test]
fn honeys_own_filter_silences_spans_by_name_and_by_module() {
    let capture = honey::testing::Capture::new();
    let config = honey::Config::new("")
        .transmission(capture.clone())
        .filter("noise=off, chatty::*=off");
    let client = honey::Client::new(config).unwrap();
    let subscriber = tracing_subscriber::registry().with(honey::tracing::layer());
    tracing::subscriber::with_default(subscriber, || {
        honey::with_client(&client, || {
            info_span!("outer").in_scope(|| {
                info_span!("noise").in_scope(|| info_span!("inner").in_scope(|| ()));
                info_span!(target: "chatty::pool", "take").in_scope(|| ());
            });
        });
    });
    assert!(client.flush(std::time::Duration::from_mins(1)));
    let events = capture.take();
    let mut names: Vec<_> = events.iter().map(|event| event.name().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["inner", "outer"]);
    let of = |name| {
        events
            .iter()
            .find(|event| event.name() == Some(name))
            .unwrap()
    };
    assert_eq!(
        text(of("inner"), "trace.parent_id"),
        text(of("outer"), "trace.span_id")
    );
}

#[test]
fn a_span_that_is_never_entered_is_sent_when_it_is_closed() {
    let captured = bridged(|| {
        let span = info_span!("never entered", rows = 3);
        info_span!(parent: &span, "child");
        drop(span);
    });
    assert_eq!(
        tree(&captured),
        ["child < never entered", "never entered < root"]
    );
    assert_eq!(
        captured.event("never entered").field("rows"),
        Some(&3.into())
    );
}

#[test]
fn it_is_as_long_as_until_it_was_left_last() {
    let captured = bridged(|| {
        honey::in_child_event("root", || {
            let span = info_span!("span");
            span.in_scope(|| ());
            let clone = span.clone();
            drop(span);
            // What happens while only a clone keeps it does not count.
            honey::in_child_event("meanwhile", || ());
            drop(clone);
        });
    });
    let names: Vec<_> = captured
        .events()
        .iter()
        .map(|event| event.name().unwrap())
        .collect();
    assert_eq!(
        names,
        ["meanwhile", "span", "root"],
        "it is sent when the last reference is gone"
    );
    let (span, meanwhile) = (captured.event("span"), captured.event("meanwhile"));
    let apart = ns_of_day(meanwhile.time()) - ns_of_day(span.time());
    let duration_ms = span.field("duration_ms").unwrap().as_f64().unwrap();
    assert!(duration_ms <= apart / 1e6, "{duration_ms} ms, {apart} ns");
}

/// The time of day of `2026-11-22T00:45:12.271083009Z`.
fn ns_of_day(time: &str) -> f64 {
    let mut parts = time[11..].trim_end_matches('Z').split(':');
    let mut next = || parts.next().unwrap().parse::<f64>().unwrap();
    ((next() * 60.0 + next()) * 60.0 + next()) * 1e9
}

#[test]
fn a_parent_outlives_its_children() {
    let captured = bridged(|| {
        let child = info_span!("parent").in_scope(|| info_span!("child"));
        // `parent` has been dropped, but its child refers to it.
        child.in_scope(|| honey::in_child_event("grandchild", || ()));
    });
    assert_eq!(
        tree(&captured),
        ["child < parent", "grandchild < child", "parent < root"]
    );
    assert_balanced(&captured);
}

#[test]
fn guards_may_be_dropped_in_any_order() {
    let captured = bridged(|| {
        let first = info_span!("first").entered();
        let second = info_span!("second").entered();
        drop(first);
        info_span!("in second");
        let event = honey::start_child("event");
        drop(second);
        info_span!("in event");
        drop(event);
        assert!(!honey::current().is_recording());
    });
    assert_eq!(
        tree(&captured),
        [
            "event < second",
            "first < root",
            "in event < event",
            "in second < second",
            "second < first"
        ]
    );
    assert_balanced(&captured);
}

#[test]
fn a_span_may_be_entered_again_inside_itself() {
    let captured = bridged(|| {
        let span = info_span!("span");
        span.in_scope(|| {
            span.in_scope(|| info_span!("twice in"));
            info_span!("still in");
        });
        assert!(honey::current().span_id().is_none());
    });
    assert_eq!(
        tree(&captured),
        ["span < root", "still in < span", "twice in < span"]
    );
}

#[test]
fn follows_from_is_a_link() {
    let captured = bridged(|| {
        let cause = info_span!("cause");
        let effect = info_span!(parent: None, "effect");
        effect.follows_from(&cause);
        let gone = info_span!("gone").id();
        effect.follows_from(gone);
    });
    let links: Vec<_> = captured
        .events()
        .iter()
        .filter(|event| text(event, "meta.annotation_type") == "link")
        .collect();
    assert_eq!(
        links.len(),
        1,
        "a span that is closed has no event any more"
    );
    let (cause, effect) = (captured.event("cause"), captured.event("effect"));
    assert_eq!(
        text(links[0], "trace.link.span_id"),
        text(cause, "trace.span_id")
    );
    assert_eq!(
        text(links[0], "trace.link.trace_id"),
        text(cause, "trace.trace_id")
    );
    assert_eq!(
        text(links[0], "trace.parent_id"),
        text(effect, "trace.span_id")
    );
}

#[test]
fn sampling_is_of_the_whole_trace() {
    let capture = honey::testing::Capture::new();
    let config = honey::Config::new("")
        .transmission(capture.clone())
        .sample_rate(4);
    let client = honey::Client::new(config).unwrap();
    let subscriber = tracing_subscriber::registry().with(honey::tracing::layer());
    tracing::subscriber::with_default(subscriber, || {
        honey::with_client(&client, || {
            for _ in 0..200 {
                service(|| info_span!("span").in_scope(|| tracing::info!("line")));
                info_span!("root span").in_scope(|| honey::in_child_event("below", || ()));
            }
        });
    });
    assert!(client.flush(std::time::Duration::from_mins(1)));
    let events = capture.take();
    let count = |name| {
        let named = events.iter().filter(|event| event.name() == Some(name));
        named.count()
    };
    assert!(count("service") > 0 && count("service") < 200);
    assert_eq!(count("service"), count("span"));
    assert_eq!(count("service"), count("line"));
    assert_eq!(count("root span"), count("below"));
    assert!(events.iter().all(|event| event.sample_rate() == 4));
    assert!(client.stats().is_balanced());
}

#[test]
fn a_span_goes_to_its_parents_client_wherever_it_is_entered() {
    let captured = bridged(|| {
        let span = info_span!("span");
        let subscriber = tracing::dispatcher::get_default(Clone::clone);
        std::thread::scope(|threads| {
            threads.spawn(|| {
                // Here is neither the client nor the subscriber.
                let _in_span = span.enter();
                honey::in_child_event("event", || ());
                tracing::dispatcher::with_default(&subscriber, || drop(info_span!("below")));
            });
        });
    });
    assert_eq!(
        tree(&captured),
        ["below < span", "event < span", "span < root"]
    );
}

#[test]
fn what_is_open_when_its_client_goes_is_counted() {
    let subscriber = tracing_subscriber::registry().with(honey::tracing::layer());
    tracing::subscriber::with_default(subscriber, || {
        let client = honey::Client::new(honey::Config::new("").api_host("")).unwrap();
        let span = honey::with_client(&client, || info_span!("late").entered());
        let report = client.close(std::time::Duration::from_mins(1));
        assert!(report.stats.is_balanced());
        drop(span);
        let stats = client.stats();
        assert_eq!(
            (stats.created, stats.dropped.by(honey::DropReason::Closed)),
            (1, 1),
            "{stats}"
        );
        assert!(honey::current().span_id().is_none());
    });
}

#[test]
fn a_span_that_is_never_closed_is_sent_as_cancelled_when_its_registry_goes() {
    let captured = honey::testing::capture(|| {
        let subscriber = tracing_subscriber::registry().with(honey::tracing::layer());
        let dispatch = tracing::Dispatch::new(subscriber);
        tracing::dispatcher::with_default(&dispatch, || {
            // As a program may that uses the subscriber's own functions.
            let metadata = info_span!("lost").metadata().unwrap();
            let values = metadata.fields().value_set(&[]);
            let attributes = tracing::span::Attributes::new_root(metadata, &values);
            dispatch.new_span(&attributes);
        });
        drop(dispatch);
        // Another test's thread may hold it for a moment: whoever makes a dispatcher or meets a new callsite looks at all of them.
        until("the span has ended", || {
            let stats = honey::stats();
            (stats.created, stats.open) == (2, 0)
        });
    });
    let lost: Vec<_> = captured
        .events()
        .iter()
        .map(|event| text(event, "outcome"))
        .collect();
    assert_eq!(lost, ["ok", "cancelled"]);
    assert_balanced(&captured);
}

#[test]
fn before_a_client_is_live_nothing_is_kept_and_afterwards_the_same_callsite_works() {
    fn span() -> Span {
        info_span!("callsite")
    }
    let subscriber = tracing_subscriber::registry().with(honey::tracing::layer());
    tracing::subscriber::with_default(subscriber, || {
        let early = span();
        let early = early.enter();
        assert!(honey::current().span_id().is_none());
        let captured = honey::testing::capture(|| {
            span().in_scope(|| ());
            info_span!("below the early one");
        });
        drop(early);
        assert_eq!(
            tree(&captured),
            ["below the early one < root", "callsite < root"]
        );
    });
}

#[test]
fn a_second_layer_does_nothing() {
    let subscriber = tracing_subscriber::registry()
        .with(honey::tracing::layer())
        .with(honey::tracing::layer().with_filter(LevelFilter::TRACE));
    let captured = tracing::subscriber::with_default(subscriber, || {
        honey::testing::capture(|| info_span!("span").in_scope(|| tracing::info!("line")))
    });
    assert_eq!(tree(&captured), ["line < span", "span < root"]);
    assert_balanced(&captured);
}

#[test]
fn an_event_that_is_adopted_inside_a_span_is_the_parent_there() {
    let captured = bridged(|| {
        let request = honey::start_child("request");
        let handle = request.handle();
        info_span!("pool").in_scope(|| {
            honey::scope(handle, || info_span!("job").in_scope(|| ()));
        });
        let later = async { info_span!("task").in_scope(|| ()) }.in_event(handle);
        info_span!("poller").in_scope(|| block_on(later));
        drop(request);
    });
    assert_eq!(
        tree(&captured),
        [
            "job < request",
            "poller < request",
            "pool < request",
            "request < root",
            "task < request"
        ]
    );
}

fn block_on<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(future)
}

#[test]
fn of_what_is_recorded_and_what_is_added_the_later_wins() {
    struct Formatted;
    impl std::fmt::Debug for Formatted {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            // It says something in the span it is recorded on.
            honey::current().add_field("formatting", true);
            tracing::info!("formatting");
            f.write_str("formatted")
        }
    }

    let captured = bridged(|| {
        let span = info_span!(
            "span",
            a = 1,
            b = 1,
            c = 1,
            d = 1,
            e = 1,
            f = tracing::field::Empty
        );
        span.record("a", 2).record("b", 2);
        span.in_scope(|| {
            honey::current().add_field("b", 3);
            honey::current().add_field("c", 3);
        });
        span.record("c", 4).record("d", 4);
        std::thread::scope(|threads| {
            threads.spawn(|| span.record("e", 5));
        });
        span.record("f", tracing::field::debug(Formatted));
        span.record("d", "text");
    });
    let event = captured.event("span");
    for (key, value) in [("a", 2), ("b", 3), ("c", 4), ("e", 5)] {
        assert_eq!(event.field(key), Some(&value.into()), "{key}");
    }
    assert_eq!(event.field("d"), Some(&"text".into()));
    assert_eq!(event.field("f"), Some(&"formatted".into()));
    assert_balanced(&captured);
}
