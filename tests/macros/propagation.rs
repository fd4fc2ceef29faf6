//! Traces that come in from other processes, and go out to others.

use std::collections::BTreeMap;

use honey::propagation::{Format, SpanContext, extract, inject};
use honey::testing::{Captured, CapturedEvent, capture};
use honey::{Client, Config, EventHandle, FutureExt};

use crate::text;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

type Headers = BTreeMap<String, String>;

fn from_header(traceparent_flags: &str, tracestate: &str) -> SpanContext {
    let traceparent = format!("00-{TRACE}-{PARENT}-{traceparent_flags}");
    extract(&[
        ("traceparent", traceparent.as_str()),
        ("tracestate", tracestate),
    ])
    .unwrap()
}

fn from_beeline(trace_id: &str, parent_id: &str) -> SpanContext {
    let value = format!("1;trace_id={trace_id},parent_id={parent_id}");
    extract(&[("X-Honeycomb-Trace", value)]).unwrap()
}

fn outgoing() -> Headers {
    let mut headers = Headers::new();
    inject(&mut headers);
    headers
}

#[track_caller]
fn assert_below(event: &CapturedEvent, trace_id: &str, parent_id: &str) {
    assert_eq!(text(event, "trace.trace_id"), trace_id);
    assert_eq!(text(event, "trace.parent_id"), parent_id);
}

fn span_id(event: &CapturedEvent) -> &str {
    text(event, "trace.span_id")
}

#[honey::event(parent = extract(headers))]
fn serve(headers: &[(&str, String)]) -> Headers {
    honey::root().add_field("is.root", true);
    call()
}

#[honey::event]
fn call() -> Headers {
    outgoing()
}

#[test]
fn an_annotated_function_continues_the_trace_of_its_headers_and_passes_it_on() {
    let traceparent = format!("00-{TRACE}-{PARENT}-01");
    let headers = [
        ("Traceparent", traceparent),
        ("tracestate", "rojo=1,congo=2".to_owned()),
    ];
    let mut sent = Headers::new();
    let captured = capture(|| sent = serve(&headers));
    let [serve, call] = ["serve", "call"].map(|name| captured.event(name));
    assert_below(serve, TRACE, PARENT);
    assert_eq!(serve.field("is.root"), Some(&true.into()));
    assert_below(call, TRACE, span_id(serve));
    assert_eq!(
        sent["traceparent"],
        format!("00-{TRACE}-{}-01", span_id(call))
    );
    assert_eq!(sent["tracestate"], "rojo=1,congo=2");
    assert_eq!(sent.len(), 2);
}

#[test]
fn headers_that_cannot_be_read_begin_a_trace_and_are_counted() {
    let headers = [
        ("traceparent", format!("00-{TRACE}-{PARENT}-zz")),
        ("tracestate", "a=1".to_owned()),
    ];
    let mut sent = Headers::new();
    let captured = capture(|| sent = serve(&headers));
    let serve = captured.event("serve");
    assert_ne!(text(serve, "trace.trace_id"), TRACE);
    assert_eq!(serve.field("trace.parent_id"), None);
    assert_eq!(sent.get("tracestate"), None);
    assert_eq!(captured.stats().refused_contexts, 1);

    // None at all is no trouble, and leaves the event where it stands.
    let captured = capture(|| {
        honey::in_child_event("around", || drop(serve_without_headers()));
    });
    let around = captured.event("around");
    assert_below(
        captured.event("serve"),
        text(around, "trace.trace_id"),
        span_id(around),
    );
    assert_eq!(captured.stats().refused_contexts, 0);
}

fn serve_without_headers() -> Headers {
    serve(&[])
}

#[test]
fn every_way_to_give_a_parent_takes_one_of_another_process() {
    let parent = from_header("01", "");
    let captured = capture(|| {
        honey::scope(&parent, || {
            honey::in_child_event("in scope", || drop(call()));
            assert!(
                !honey::current().is_recording(),
                "it is no event of this process"
            );
        });
        drop(honey::start_child_of("child of", &parent));
        let future = async { drop(call()) }
            .in_child_event("in future")
            .in_event(parent.clone());
        block_on(future);
        honey::scope(None::<SpanContext>, || {
            honey::in_child_event("alone", || {});
        });
    });
    for name in ["in scope", "child of", "in future"] {
        assert_below(captured.event(name), TRACE, PARENT);
    }
    let alone = captured.event("alone");
    assert_eq!(alone.field("trace.parent_id"), None);
}

fn block_on(future: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(future);
}

#[test]
fn a_root_below_another_process_is_the_root_here() {
    let parent = from_header("01", "");
    let captured = capture(|| {
        honey::scope(&parent, || {
            honey::in_child_event("first", || {
                honey::in_child_event("below", || honey::root().add_field("from.below", 1));
            });
            honey::in_child_event("second", || honey::root().add_field("from.second", 2));
        });
    });
    assert_eq!(captured.event("first").field("from.below"), Some(&1.into()));
    assert_eq!(
        captured.event("second").field("from.second"),
        Some(&2.into())
    );
}

#[test]
fn links_go_to_many_and_to_other_processes() {
    let others = [
        from_header("01", ""),
        from_beeline("order 7".replace(' ', "-").as_str(), "abc"),
    ];
    let captured = capture(|| {
        honey::in_child_event("batch", || {
            for other in &others {
                honey::current().add_link(other);
            }
            honey::current().add_link(None::<SpanContext>);
            honey::current().add_link(EventHandle::none());
        });
    });
    let linked: Vec<_> = captured
        .events()
        .iter()
        .filter(|event| text(event, "meta.annotation_type") == "link")
        .map(|event| {
            (
                text(event, "trace.link.trace_id"),
                text(event, "trace.link.span_id"),
            )
        })
        .collect();
    assert_eq!(linked, [(TRACE, PARENT), ("order-7", "abc")]);
}

#[honey::event(sample = 1_000_000)]
fn rarely_kept() -> Headers {
    outgoing()
}

#[test]
fn what_the_sender_drops_is_dropped_and_passed_on_as_dropped() {
    let parent = from_header("00", "a=1");
    let mut sent = [Headers::new(), Headers::new()];
    let captured = capture(|| {
        honey::scope(&parent, || {
            let _event = honey::start_child("dropped");
            honey::current().sample(2);
            sent = [call(), rarely_kept()];
            honey::current().add_link(&parent);
        });
    });
    assert!(captured.events().is_empty());
    assert_eq!(captured.stats().sampled_out, 3);
    for sent in sent {
        let traceparent = &sent["traceparent"];
        assert!(traceparent.starts_with(&format!("00-{TRACE}-")) && traceparent.ends_with("-00"));
        assert!(!traceparent.contains(PARENT));
        assert_eq!(sent["tracestate"], "a=1");
    }
    let kept = capture(|| {
        drop(honey::start_child_of(
            "kept",
            parent.clone().with_sampled(true),
        ));
    });
    assert_below(kept.event("kept"), TRACE, PARENT);
}

/// The first four bytes of the SHA-1 of these ids, as `printf %s ID | sha1sum` has them: one that 1 in 10 keeps, and one that it does
/// not (`u32::MAX / 10` is 0x19999999).
const KEPT_BY_10: &str = "00000000000000000000000000000031";
const DROPPED_BY_10: &str = "00000000000000000000000000000001";

#[honey::event(sample = 10)]
fn one_in_ten() -> Headers {
    outgoing()
}

#[honey::event]
fn around_one_in_ten() -> Headers {
    honey::current().add_span_event("noted", &[("n", 1)]);
    one_in_ten()
}

#[test]
fn the_senders_rate_counts_where_it_is_the_larger_one_and_goes_on() {
    let from = |trace_id: &str, state: &str| {
        let traceparent = format!("00-{trace_id}-{PARENT}-01");
        extract(&[("traceparent", traceparent.as_str()), ("tracestate", state)]).unwrap()
    };
    let run = |context: &SpanContext, work: fn() -> Headers| {
        let mut sent = Headers::new();
        let captured: Captured = capture(|| sent = honey::scope(context, work));
        let rates: Vec<u64> = captured
            .events()
            .iter()
            .map(CapturedEvent::sample_rate)
            .collect();
        (rates, sent)
    };
    for (state, work, rate) in [
        ("honey=rate:10,a=1", call as fn() -> Headers, 10),
        ("honey=rate:4,a=1", one_in_ten, 10),
        ("a=1", one_in_ten, 10),
        ("honey=rate:4,a=1", call, 4),
        ("honey=rate:1,a=1", call, 1),
    ] {
        let (rates, sent) = run(&from(KEPT_BY_10, state), work);
        assert_eq!(rates, [rate], "{state}");
        assert!(sent["traceparent"].ends_with("-01"));
        let expected = if rate == 1 {
            "a=1".to_owned()
        } else {
            format!("honey=rate:{rate},a=1")
        };
        assert_eq!(sent["tracestate"], expected);
    }
    // OpenTelemetry decides by other random bits, so that its rate comes on top, for what is below as well.
    for (state, work, rates, own) in [
        ("ot=th:c", call as fn() -> Headers, vec![4], ""),
        ("ot=th:c", one_in_ten, vec![40], "honey=rate:10,"),
        (
            "honey=rate:2,ot=th:c",
            around_one_in_ten,
            vec![8, 40, 8],
            "honey=rate:10,",
        ),
    ] {
        let (sampled, sent) = run(&from(KEPT_BY_10, state), work);
        assert_eq!(sampled, rates, "{state}");
        assert_eq!(sent["tracestate"], format!("{own}ot=th:c"), "{state}");
    }
    for (state, work) in [("honey=rate:10", call as fn() -> Headers), ("", one_in_ten)] {
        let (rates, sent) = run(&from(DROPPED_BY_10, state), work);
        assert!(rates.is_empty(), "{state}");
        assert!(sent["traceparent"].ends_with("-00"));
    }
    // A beeline says nothing of sampling: the hash of the same id decides.
    let rates = [KEPT_BY_10, DROPPED_BY_10].map(|id| run(&from_beeline(id, PARENT), one_in_ten).0);
    assert_eq!(rates, [vec![10], vec![]]);
}

#[test]
fn ids_that_are_no_numbers_keep_their_text_everywhere() {
    let uuid = "7f042f75-651b-4782-9c3c-0df10f11eb59";
    // As long as a number's, and with a sign that JSON escapes.
    let strange = "\"quoted\\0123456789abcdef0123456.";
    for (trace_id, parent_id) in [
        (uuid, "parent-1"),
        (strange, PARENT),
        (TRACE, "0"),
        ("1", ""),
    ] {
        let parent = from_beeline_or_trace(trace_id, parent_id);
        let mut late = EventHandle::none();
        let mut sent = Headers::new();
        let captured = capture(|| {
            honey::scope(&parent, || {
                honey::in_child_event("root", || {
                    sent = call();
                    late = honey::current();
                    late.add_span_event("happened", &[("n", 1)]);
                    assert_eq!(
                        late.trace_id().map(|id| id.to_string()).as_deref(),
                        Some(trace_id)
                    );
                });
            });
            // Below an event that has ended, on another thread.
            let client = honey::current();
            assert!(!client.is_recording());
            honey::scope(late, || honey::in_child_event("late", || {}));
        });
        let root = captured.event("root");
        assert_eq!(text(root, "trace.trace_id"), trace_id);
        assert_eq!(text(root, "trace.parent_id"), parent_id);
        assert_eq!(
            root.field("trace.parent_id").is_none(),
            parent_id.is_empty()
        );
        for name in ["call", "late", "happened"] {
            assert_below(captured.event(name), trace_id, span_id(root));
        }
        let call = span_id(captured.event("call"));
        if trace_id == TRACE {
            assert_eq!(sent["traceparent"], format!("00-{TRACE}-{call}-01"));
        } else {
            assert_eq!(
                sent["X-Honeycomb-Trace"],
                format!("1;trace_id={trace_id},parent_id={call}")
            );
        }
        assert_eq!(sent.len(), 1);
    }
}

fn from_beeline_or_trace(trace_id: &str, parent_id: &str) -> SpanContext {
    if parent_id.is_empty() {
        return extract(&[("X-Honeycomb-Trace", format!("1;trace_id={trace_id}"))]).unwrap();
    }
    from_beeline(trace_id, parent_id)
}

/// Ids that begin like this are kept as texts inside; it must not show.
#[test]
fn a_number_that_looks_like_one_of_those_inside_is_a_number() {
    let trace_id = "8f6e1d0c77a2b9530000000000000001";
    let traceparent = format!("00-{trace_id}-{PARENT}-01");
    let mut sent = Headers::new();
    let captured = capture(|| sent = serve(&[("traceparent", traceparent)]));
    assert_below(captured.event("serve"), trace_id, PARENT);
    let call = span_id(captured.event("call"));
    assert_eq!(sent["traceparent"], format!("00-{trace_id}-{call}-01"));
}

#[test]
fn thousands_of_ids_that_are_no_numbers_stay_apart() {
    let captured = capture(|| {
        let held: Vec<_> = (0..20)
            .map(|n| honey::start_child_of("held", from_beeline(&format!("held-{n}"), "p")))
            .collect();
        for n in 0..10_000 {
            let _passing = from_beeline(&format!("passing-{n}"), "p");
        }
        for (n, event) in held.iter().enumerate() {
            let handle = event.handle();
            assert_eq!(handle.trace_id().unwrap().to_string(), format!("held-{n}"));
            honey::scope(handle, || honey::in_child_event("below", || {}));
        }
    });
    let below = captured
        .events()
        .iter()
        .filter(|event| event.name() == Some("below"));
    for (n, event) in below.enumerate() {
        assert_eq!(text(event, "trace.trace_id"), format!("held-{n}"));
    }
}

#[test]
fn fields_of_a_beelines_trace_are_added_when_asked_for() {
    // {"user": "Ada", "größe": 3, "list": [1, "zwei"]}
    let value = "1;trace_id=a,parent_id=b,context=eyJ1c2VyIjogIkFkYSIsICJncsO2w59lIjogMywgImxpc3QiOiBbMSwgInp3ZWkiXX0=";
    let context = extract(&[("X-Honeycomb-Trace", value)]).unwrap();
    let captured = capture(|| {
        honey::scope(&context, || {
            honey::in_child_event("without", || {});
            honey::in_child_event("with", || honey::current().add(&context));
        });
    });
    let [without, with] = ["without", "with"].map(|name| captured.event(name));
    assert_eq!(without.field("user"), None);
    assert_eq!(text(with, "user"), "Ada");
    assert_eq!(with.field("größe"), Some(&3.into()));
    assert!(with.field("list").is_some());
}

#[test]
fn the_configuration_says_which_formats_are_written() {
    let written = |config: Config| {
        let client = Client::new(config.api_host("").dataset("d")).unwrap();
        honey::with_client(&client, call)
    };
    let names = |headers: &Headers| headers.keys().cloned().collect::<Vec<_>>();
    let config = || Config::new("key");
    let both = written(config().propagation([Format::Honeycomb, Format::W3c, Format::W3c]));
    assert_eq!(names(&both), ["X-Honeycomb-Trace", "traceparent"]);
    let id = &both["traceparent"][3..35];
    assert!(both["X-Honeycomb-Trace"].starts_with(&format!("1;trace_id={id},parent_id=")));
    assert_eq!(names(&written(config())), ["traceparent"]);
    let honeycomb = written(config().propagation([Format::Honeycomb]));
    assert_eq!(names(&honeycomb), ["X-Honeycomb-Trace"]);
    assert_eq!(written(config().propagation([])), Headers::new());
    assert_eq!(written(config().trace_fields(false)), Headers::new());
    assert_eq!(written(config().disabled(true)), Headers::new());

    let in_both = [
        ("traceparent", format!("00-{TRACE}-{PARENT}-01")),
        ("X-Honeycomb-Trace", "1;trace_id=a,parent_id=b".to_owned()),
    ];
    let client = Client::new(
        config()
            .api_host("")
            .dataset("d")
            .propagation([Format::Honeycomb]),
    )
    .unwrap();
    let believed = honey::with_client(&client, || extract(&in_both)).unwrap();
    assert_eq!(believed.trace_id(), "a");
}

#[test]
fn without_an_event_of_its_own_what_came_in_is_passed_on() {
    let parent = from_header("01", "a=1");
    let mut sent = vec![outgoing()];
    let _captured = capture(|| {
        sent.push(outgoing());
        sent.push(honey::scope(&parent, outgoing));
    });
    sent.push(honey::scope(&parent, outgoing));
    let passed_on = Headers::from([
        ("traceparent".to_owned(), format!("00-{TRACE}-{PARENT}-01")),
        ("tracestate".to_owned(), "a=1".to_owned()),
    ]);
    assert_eq!(
        sent,
        [Headers::new(), Headers::new(), passed_on.clone(), passed_on]
    );
}

#[test]
fn threads_send_on_what_came_in_with_the_root() {
    let parent = from_header("01", "a=1");
    let mut sent = Headers::new();
    let captured = capture(|| {
        let root = honey::start_child_of("root", &parent);
        let handle = root.handle();
        std::thread::scope(|threads| {
            let thread = threads.spawn(|| honey::scope(handle, call));
            sent = thread.join().unwrap();
        });
        let mut own = Headers::new();
        SpanContext::of(handle).unwrap().inject(&mut own);
        assert_eq!(
            own["traceparent"][36..52],
            handle.span_id().unwrap().to_string()
        );
    });
    assert_eq!(
        sent["traceparent"],
        format!("00-{TRACE}-{}-01", span_id(captured.event("call")))
    );
    assert_eq!(sent["tracestate"], "a=1");
}
