//! What a service may be: one that must be ready, one that is not `Send`; and what its wrapping leaves as it was.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::rc::Rc;
use std::task::{Context, Poll};

use honey::tower::{EventBody, EventLayer, EventService, ResponseFuture};
use http::{Request, Response};
use tower::{Layer as _, Service, ServiceExt as _};

use crate::rig::block_on;

/// Panics when it is called without having been ready: each clone for itself.
#[derive(Default)]
struct Strict {
    is_ready: bool,
}

impl Clone for Strict {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Service<Request<String>> for Strict {
    type Response = Response<String>;
    type Error = Infallible;
    type Future = Ready<Result<Response<String>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<String>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "called unready");
        ready(Ok(Response::new(String::new())))
    }
}

#[test]
fn the_service_that_was_ready_is_the_one_that_is_called() {
    let service = EventLayer::new().layer(Strict::default());
    block_on(async {
        for _ in 0..3 {
            service.clone().oneshot(Request::default()).await.unwrap();
        }
        let mut one = service;
        for _ in 0..3 {
            one.ready()
                .await
                .unwrap()
                .call(Request::default())
                .await
                .unwrap();
        }
    });
}

#[test]
fn a_service_that_stays_on_its_thread() {
    let hits = Rc::new(std::cell::Cell::new(0));
    let mut service = EventLayer::new().layer(tower::service_fn(|_: Request<String>| {
        let hits = Rc::clone(&hits);
        async move {
            hits.set(hits.get() + 1);
            Ok::<_, Infallible>(Response::new(String::new()))
        }
    }));
    let captured = honey::testing::capture(|| {
        block_on(async { service.call(Request::default()).await.unwrap() });
    });
    assert_eq!((hits.get(), captured.events().len()), (1, 1));
}

#[test]
fn threads_may_share_what_they_could_share_before() {
    fn is_send_and_sync<T: Send + Sync + Unpin>() {}
    is_send_and_sync::<ResponseFuture<Ready<()>>>();
    is_send_and_sync::<EventBody<String>>();
    is_send_and_sync::<EventService<Strict>>();
}

#[test]
fn without_a_client_a_request_passes_as_if_there_were_no_layer() {
    let service = EventLayer::new().layer(Strict::default());
    let response = block_on(service.oneshot(Request::default())).unwrap();
    assert_eq!(response.status(), 200);
}
