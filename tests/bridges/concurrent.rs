//! Spans on many threads and across await points.

use std::sync::Barrier;

use honey::testing::capture_async;
use tracing::{Instrument as _, info_span};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::{assert_balanced, bridged, text, traces, tree};

const THREADS: usize = 8;
const SPANS: usize = 100;

#[test]
fn one_span_entered_on_many_threads_at_once() {
    let captured = bridged(|| {
        let shared = info_span!("shared");
        let dispatch = tracing::dispatcher::get_default(Clone::clone);
        let all_in = Barrier::new(THREADS);
        std::thread::scope(|threads| {
            for thread in 0..THREADS {
                let (shared, all_in, dispatch) = (&shared, &all_in, &dispatch);
                threads.spawn(move || {
                    tracing::dispatcher::with_default(dispatch, || {
                        let in_shared = shared.enter();
                        all_in.wait();
                        for _ in 0..SPANS {
                            let child = info_span!("child", thread);
                            child.in_scope(|| honey::in_child_event("event", || ()));
                            honey::current().incr("calls", 1);
                        }
                        drop(in_shared);
                        assert!(honey::current().span_id().is_none());
                    });
                });
            }
        });
    });
    assert_eq!(captured.events().len(), 1 + 2 * THREADS * SPANS);
    assert_eq!(traces(&captured), 1);
    let tree = tree(&captured);
    let count = |line: &str| tree.iter().filter(|other| *other == line).count();
    assert_eq!(count("child < shared"), THREADS * SPANS);
    assert_eq!(count("event < child"), THREADS * SPANS);
    assert_eq!(
        captured.event("shared").field("calls"),
        Some(&(THREADS * SPANS).into())
    );
    assert_balanced(&captured);
}

/// What a library does: spans of its own across await points, and spans on tasks that it spawns.
#[tracing::instrument]
async fn library(job: usize) {
    tokio::task::yield_now().await;
    honey::current().add_field("seen", job);
    step(job).await;
    let spawned = tokio::spawn(step(job).instrument(info_span!("spawned", job)));
    spawned.await.unwrap();
    tokio::task::yield_now().await;
    tracing::info!(job, "done");
}

#[honey::event(fields(job))]
async fn step(job: usize) {
    tokio::task::yield_now().await;
    honey::current().add_field("double", job * 2);
}

#[honey::event(fields(job))]
async fn request(job: usize) {
    library(job).await;
}

#[test]
fn a_hundred_traces_on_a_runtime_of_many_threads() {
    let subscriber = tracing_subscriber::registry().with(honey::tracing::layer());
    let dispatch = tracing::Dispatch::new(subscriber);
    let of_workers = dispatch.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(THREADS)
        // As a global one: a span that closes lets go of its parent by the thread's own subscriber.
        .on_thread_start(move || {
            std::mem::forget(tracing::dispatcher::set_default(&of_workers));
        })
        .build()
        .unwrap();
    let work = async {
        let tasks: Vec<_> = (0..SPANS)
            .map(|job| honey::tokio::spawn(request(job)))
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
    };
    let captured =
        tracing::dispatcher::with_default(&dispatch, || runtime.block_on(capture_async(work)));
    assert_eq!(captured.events().len(), SPANS * 6);
    assert_eq!(traces(&captured), SPANS);
    let tree = tree(&captured);
    for line in [
        "request < root",
        "library < request",
        "step < library",
        "spawned < library",
        "step < spawned",
        "done < library",
    ] {
        let count = tree.iter().filter(|other| *other == line).count();
        assert_eq!(count, SPANS, "{line}");
    }
    for event in captured.events() {
        let job = event.field("job").unwrap();
        match event.name().unwrap() {
            "step" => assert_eq!(
                event.field("double").unwrap().as_u64(),
                job.as_u64().map(|job| job * 2)
            ),
            "library" => assert_eq!(event.field("seen"), Some(job)),
            _ => {}
        }
    }
    assert_balanced(&captured);
}

#[test]
fn spans_left_open_by_a_thread_that_ends() {
    thread_local! {
        static KEPT: std::cell::RefCell<Option<tracing::span::EnteredSpan>> = const { std::cell::RefCell::new(None) };
    }
    let captured = bridged(|| {
        let dispatch = tracing::dispatcher::get_default(Clone::clone);
        honey::in_child_event("event", || {
            let event = honey::current();
            std::thread::scope(|threads| {
                let ending = threads.spawn(|| {
                    honey::scope(event, || {
                        // Whether this is dropped before or after what honey keeps on this thread, the event is sent.
                        let span = tracing::dispatcher::with_default(&dispatch, || {
                            info_span!("kept in a thread local")
                        });
                        KEPT.set(Some(span.entered()));
                    });
                });
                // The scope alone would not wait for its thread locals.
                ending.join().unwrap();
            });
        });
    });
    assert_eq!(
        tree(&captured),
        ["event < root", "kept in a thread local < event"]
    );
    assert_eq!(
        text(captured.event("kept in a thread local"), "outcome"),
        "ok"
    );
    assert_balanced(&captured);
}
