//! Bodies of responses: an event ends with the last frame.

use std::future::Future;
use std::task::Poll;

use axum::body::Bytes;
use honey::testing::{Captured, capture_async};
use honey::tower::EventLayer;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::{BodyExt as _, Empty, Full};
use tower::{Layer as _, ServiceExt as _};

use crate::rig::{Script, Stumble, answering, block_on};

/// What becomes of a request whose response is `answer`, when `read` reads it.
fn captured<R, F>(
    request: Request<String>,
    answer: impl Fn() -> Response<R> + Clone,
    read: impl FnOnce(honey::tower::EventBody<R>) -> F,
) -> Captured
where
    R: Body + Send,
    F: Future<Output = ()>,
{
    let service = EventLayer::new().layer(answering(move |_| answer()));
    block_on(capture_async(async {
        let response = service.oneshot(request).await.unwrap();
        read(response.into_body()).await;
    }))
}

fn request() -> Request<String> {
    Request::get("http://shop.example/")
        .body(String::new())
        .unwrap()
}

fn data(text: &'static str) -> Frame<Bytes> {
    Frame::data(Bytes::from_static(text.as_bytes()))
}

fn trailers(name: &'static str, value: &'static str) -> Frame<Bytes> {
    Frame::trailers(HeaderMap::from_iter([(
        HeaderName::from_static(name),
        HeaderValue::from_static(value),
    )]))
}

async fn read<R: Body>(body: R) {
    let _ = body.collect().await;
}

#[test]
fn a_streamed_body_is_part_of_its_request() {
    let frames = || {
        let mut count = 0;
        Response::new(Script::new(move |context| {
            count += 1;
            honey::current().add_field("frames", count);
            match count {
                1 => Poll::Ready(Some(Ok(data("hello, ")))),
                2 => {
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
                3 => {
                    honey::in_child_event("render", || {});
                    Poll::Ready(Some(Ok(data("world"))))
                }
                _ => Poll::Ready(None),
            }
        }))
    };
    let captured = captured(request(), frames, |body| async move {
        assert_eq!(body.collect().await.unwrap().to_bytes(), "hello, world");
    });
    let event = captured.event("GET");
    assert_eq!(event.field("frames"), Some(&4.into()));
    assert_eq!(event.field("http.response.body.size"), Some(&12.into()));
    assert_eq!(event.field("outcome"), Some(&"ok".into()));
    let render = captured.event("render");
    assert_eq!(
        render.field("trace.parent_id"),
        event.field("trace.span_id")
    );
}

#[test]
fn what_a_body_says_of_itself_comes_through() {
    let full = || Response::new(Full::new(Bytes::from_static(b"12345")));
    let captured = captured(request(), full, |body| async move {
        assert_eq!(body.size_hint().exact(), Some(5));
        assert!(!body.is_end_stream());
        read(body).await;
    });
    assert_eq!(
        captured.event("GET").field("http.response.body.size"),
        Some(&5.into())
    );
}

#[test]
fn the_error_of_a_body_is_the_requests() {
    let broken = || {
        let mut first = true;
        Response::new(Script::new(move |_| {
            Poll::Ready(Some(if std::mem::take(&mut first) {
                Ok(data("1"))
            } else {
                Err(Stumble)
            }))
        }))
    };
    let captured = captured(request(), broken, read);
    let event = captured.event("GET");
    assert_eq!(event.field("outcome"), Some(&"error".into()));
    assert_eq!(
        event.field("error.type"),
        Some(&"http::rig::Stumble".into())
    );
    assert_eq!(event.field("http.response.status_code"), Some(&200.into()));
}

#[test]
fn a_body_that_is_dropped_early_is_cancelled() {
    let endless = || Response::new(Script::new(|_| Poll::Ready(Some(Ok(data("again and "))))));
    let captured = captured(request(), endless, |mut body| async move {
        let _ = body.frame().await;
    });
    let event = captured.event("GET");
    assert_eq!(event.field("outcome"), Some(&"cancelled".into()));
    assert_eq!(event.field("http.response.body.size"), Some(&10.into()));
}

#[test]
fn a_body_whose_whole_length_was_taken_has_ended() {
    // A server stops asking when it has as many bytes as the header told, and this body does not know its end.
    let told = || {
        let body = Script::frames(vec![data("12345"), data("never asked for")]);
        Response::builder()
            .header("content-length", "5")
            .body(body)
            .unwrap()
    };
    let captured = captured(request(), told, |mut body| async move {
        let _ = body.frame().await;
    });
    let event = captured.event("GET");
    assert_eq!(event.field("outcome"), Some(&"ok".into()));
    assert_eq!(event.field("http.response.body.size"), Some(&5.into()));
}

#[test]
fn responses_whose_body_is_not_sent_have_ended() {
    let with = |status: StatusCode| {
        move || {
            let mut response = Response::new(Full::new(Bytes::from_static(b"12345")));
            *response.status_mut() = status;
            response
        }
    };
    let head = Request::head("/").body(String::new()).unwrap();
    for (request, status) in [
        (head, StatusCode::OK),
        (request(), StatusCode::NO_CONTENT),
        (request(), StatusCode::NOT_MODIFIED),
        (request(), StatusCode::SWITCHING_PROTOCOLS),
    ] {
        let captured = captured(request, with(status), |body| async move { drop(body) });
        let event = &captured.events()[0];
        assert_eq!(event.field("outcome"), Some(&"ok".into()), "{status}");
        assert_eq!(event.field("http.response.body.size"), None, "{status}");
    }
    let empty = captured(
        request(),
        || Response::new(Empty::<Bytes>::new()),
        |body| async move {
            drop(body);
        },
    );
    assert_eq!(empty.event("GET").field("outcome"), Some(&"ok".into()));
    assert_eq!(
        empty.event("GET").field("http.response.body.size"),
        Some(&0.into())
    );
}

#[test]
fn a_panic_in_a_body_is_the_requests() {
    let panicking = || Response::new(Script::new(|_| panic!("in a frame")));
    let captured = captured(request(), panicking, |body| async move {
        let reading = std::panic::AssertUnwindSafe(body.collect());
        let mut reading = Box::pin(reading.0);
        std::future::poll_fn(|context| {
            let poll = std::panic::AssertUnwindSafe(|| reading.as_mut().poll(context).is_ready());
            assert!(std::panic::catch_unwind(poll).is_err());
            Poll::Ready(())
        })
        .await;
    });
    assert_eq!(
        captured.event("GET").field("outcome"),
        Some(&"panic".into())
    );
}

#[test]
fn grpc_tells_its_status_in_trailers() {
    let call = || {
        Request::post("/shop.Cart/Add")
            .header("content-type", "application/grpc+proto")
            .body(String::new())
            .unwrap()
    };
    for (status, name, outcome) in [
        ("0", "OK", "ok"),
        ("5", "NOT_FOUND", "ok"),
        ("14", "UNAVAILABLE", "error"),
    ] {
        let answer = move || {
            Response::new(Script::frames(vec![
                data("12345"),
                trailers("grpc-status", status),
            ]))
        };
        let captured = captured(call(), answer, read);
        let event = captured.event("shop.Cart/Add");
        assert_eq!(event.field("rpc.system.name"), Some(&"grpc".into()));
        assert_eq!(event.field("rpc.method"), Some(&"shop.Cart/Add".into()));
        assert_eq!(event.field("rpc.response.status_code"), Some(&name.into()));
        assert_eq!(event.field("outcome"), Some(&outcome.into()));
        let error_type = (outcome == "error").then(|| name.into());
        assert_eq!(event.field("error.type"), error_type.as_ref());
        assert_eq!(event.field("http.response.body.size"), Some(&5.into()));
    }
    // One that fails at once has its status in the head.
    let at_once = || {
        let head = Response::builder().header("grpc-status", "12");
        head.body(Empty::<Bytes>::new()).unwrap()
    };
    let captured = captured(call(), at_once, read);
    let event = captured.event("shop.Cart/Add");
    assert_eq!(event.field("error.type"), Some(&"UNIMPLEMENTED".into()));
}

#[test]
fn an_event_has_ended_when_the_server_has_the_whole_body() {
    let router = axum::Router::new()
        .route("/", axum::routing::get(async || String::from("12345")))
        .layer(EventLayer::new());
    let captured = block_on(capture_async(async {
        let mut response = router.oneshot(crate::rig::get("/")).await.unwrap();
        let _ = response.body_mut().frame().await;
        // Not dropped, nor asked for more.
        std::mem::forget(response);
    }));
    assert_eq!(captured.event("GET /").field("outcome"), Some(&"ok".into()));
}
