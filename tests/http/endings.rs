//! How events end: panics, errors, requests that nobody waits for any more; and `root()` all the way down.

use std::convert::Infallible;
use std::future::{pending, poll_fn};
use std::panic::AssertUnwindSafe;
use std::task::Poll;

use axum::Router;
use axum::routing::get;
use honey::tower::EventLayer;
use http::{Request, Response};
use tower::{Layer as _, ServiceExt as _};

use crate::rig::{self, Stumble, block_on, captured};

#[test]
fn a_panic_is_recorded_and_passed_on() {
    let router = Router::new()
        .route("/", get(async || -> &'static str { panic!("out of tea") }))
        .layer(EventLayer::new());
    let captured = block_on(honey::testing::capture_async(async {
        let mut request = std::pin::pin!(router.oneshot(rig::get("/")));
        let passed_on = poll_fn(|context| {
            let poll = AssertUnwindSafe(|| request.as_mut().poll(context).is_ready());
            Poll::Ready(std::panic::catch_unwind(poll))
        });
        let payload = passed_on.await.unwrap_err();
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"out of tea"));
    }));
    let event = captured.event("GET /");
    assert_eq!(event.field("outcome"), Some(&"panic".into()));
    assert_eq!(event.field("error.type"), Some(&"panic".into()));
}

#[test]
fn a_panic_before_the_service_returns_its_future() {
    let service = EventLayer::new().layer(tower::service_fn(
        |_: Request<String>| -> std::future::Ready<Result<Response<String>, Infallible>> {
            panic!("at once")
        },
    ));
    let captured = honey::testing::capture(|| {
        let call = || {
            drop(tower::Service::call(
                &mut service.clone(),
                Request::default(),
            ));
        };
        assert!(std::panic::catch_unwind(AssertUnwindSafe(call)).is_err());
    });
    assert_eq!(
        captured.event("GET").field("outcome"),
        Some(&"panic".into())
    );
}

#[test]
fn the_error_of_a_service_comes_out_unchanged_and_is_recorded_by_its_type() {
    let service = EventLayer::new().layer(tower::service_fn(async |_: Request<String>| {
        Err::<Response<String>, _>(Stumble)
    }));
    let captured = block_on(honey::testing::capture_async(async {
        let Stumble = service.oneshot(Request::default()).await.unwrap_err();
    }));
    let event = captured.event("GET");
    assert_eq!(event.field("outcome"), Some(&"error".into()));
    assert_eq!(
        event.field("error.type"),
        Some(&"http::rig::Stumble".into())
    );
    assert_eq!(event.field("error.message"), None);
}

#[test]
fn a_response_that_nobody_waits_for_any_more_is_cancelled_with_all_below_it() {
    struct AtDrop;
    impl Drop for AtDrop {
        fn drop(&mut self) {
            honey::root().add_field("cleaned.up", true);
        }
    }

    #[honey::event]
    async fn look_up() {
        let _at_drop = AtDrop;
        pending::<()>().await;
    }

    let router = Router::new()
        .route("/", get(look_up))
        .layer(EventLayer::new());
    let captured = block_on(honey::testing::capture_async(async {
        let mut request = std::pin::pin!(router.oneshot(rig::get("/")));
        poll_fn(|context| {
            assert!(request.as_mut().poll(context).is_pending());
            Poll::Ready(())
        })
        .await;
    }));
    assert_eq!(
        captured.event("look_up").field("outcome"),
        Some(&"cancelled".into())
    );
    let event = captured.event("GET /");
    assert_eq!(event.field("outcome"), Some(&"cancelled".into()));
    assert_eq!(event.field("error"), None);
    assert_eq!(event.field("cleaned.up"), Some(&true.into()));
}

#[test]
fn root_is_the_request_all_the_way_down() {
    #[honey::event]
    async fn inner() {
        tokio::task::yield_now().await;
        honey::root().add_field("inner", true);
        honey::tokio::spawn(async {
            tokio::task::yield_now().await;
            honey::root().incr("spawned", 1);
        })
        .await
        .unwrap();
        honey::tokio::spawn_blocking(|| honey::root().incr("spawned", 1))
            .await
            .unwrap();
    }

    let router = Router::new()
        .route("/", get(inner))
        .layer(EventLayer::new());
    // An event around the server, by mistake or in a test, takes no request over.
    let captured = block_on(honey::testing::capture_async(async {
        let scope = honey::start_child("around");
        let response = router.oneshot(rig::get("/")).await.unwrap();
        drop(response);
        drop(scope);
    }));
    let event = captured.event("GET /");
    assert_eq!(event.field("inner"), Some(&true.into()));
    assert_eq!(event.field("spawned"), Some(&2.into()));
    assert_eq!(event.field("trace.parent_id"), None);
    let inner = captured.event("inner");
    assert_eq!(inner.field("trace.parent_id"), event.field("trace.span_id"));
    assert_ne!(
        captured.event("around").field("trace.trace_id"),
        event.field("trace.trace_id")
    );
}

#[test]
fn a_handler_may_call_its_event_failed() {
    let router = Router::new()
        .route(
            "/",
            get(async || {
                honey::root().set_error(&Stumble);
                "sorry"
            }),
        )
        .layer(EventLayer::new());
    let captured = captured(router, [rig::get("/")]);
    let event = captured.event("GET /");
    assert_eq!(event.field("outcome"), Some(&"error".into()));
    assert_eq!(
        event.field("error.message"),
        Some(&"the disk is gone".into())
    );
}
