//! Real connections: HTTP/1 and HTTP/2, kept alive, broken off, and a thousand requests at once.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use honey::tower::EventLayer;
use http_body::Frame;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tokio::sync::{Barrier, Notify, mpsc};

use crate::rig::{self, Connection, Fields, Protocol, Rig, Script, blocking, on_threads};

const BOTH: [Protocol; 2] = [Protocol::Http1, Protocol::Http2];

fn next(rig: Rig) -> impl Future<Output = (Rig, Fields)> {
    blocking(move || {
        let event = rig.next();
        (rig, event)
    })
}

#[test]
fn one_event_for_each_request_of_a_connection_that_is_kept() {
    const REQUESTS: usize = 10;
    for protocol in BOTH {
        let rig = Rig::new();
        on_threads(async {
            let router = Router::new()
                .route("/hello/{name}", get(async |Path(name): Path<String>| name))
                .layer(EventLayer::new());
            let address = rig.serve(router).await;
            let connection = Connection::open(address, protocol).await;
            for _ in 0..REQUESTS {
                assert_eq!(connection.get("/hello/ann").await, (200, b"ann".to_vec()));
            }
        });
        let mut traces = HashSet::new();
        for _ in 0..REQUESTS {
            let event = rig.next();
            assert_eq!(event["name"], "GET /hello/{name}");
            assert_eq!(event["outcome"], "ok");
            assert_eq!(event["server.address"], "shop.example");
            assert_eq!(event["server.port"], 8080);
            assert_eq!(event["http.response.body.size"], 3);
            let version = match protocol {
                Protocol::Http1 => "1.1",
                Protocol::Http2 => "2",
            };
            assert_eq!(event["network.protocol.version"], version);
            assert!(traces.insert(event["trace.trace_id"].to_string()));
        }
        rig.close();
    }
}

#[test]
fn an_event_lasts_as_long_as_its_stream() {
    for protocol in BOTH {
        let rig = Rig::new();
        on_threads(async {
            let (to, frames) = mpsc::channel::<&'static str>(1);
            let frames = Arc::new(std::sync::Mutex::new(Some(frames)));
            let ended = Arc::new(AtomicBool::new(false));
            let has_ended = Arc::clone(&ended);
            let stream = async move || {
                let mut frames = frames.lock().unwrap().take().unwrap();
                Response::new(Body::new(Script::new(move |context| {
                    frames.poll_recv(context).map(|frame| {
                        has_ended.store(frame.is_none(), Ordering::SeqCst);
                        frame.map(|text| Ok(Frame::data(Bytes::from_static(text.as_bytes()))))
                    })
                })))
            };
            let router = Router::new()
                .route("/", get(stream))
                .layer(EventLayer::new());
            let address = rig.serve(router).await;
            let connection = Connection::open(address, protocol).await;
            let mut body = connection.send(rig::get("/")).await.unwrap().into_body();
            for text in ["one", "two"] {
                to.send(text).await.unwrap();
                assert_eq!(
                    body.frame().await.unwrap().unwrap().into_data().unwrap(),
                    text
                );
            }
            drop(to);
            assert!(body.collect().await.unwrap().to_bytes().is_empty());
            let (rig, event) = next(rig).await;
            assert!(
                ended.load(Ordering::SeqCst),
                "not before the end of the stream"
            );
            assert_eq!(event["outcome"], "ok");
            assert_eq!(event["http.response.body.size"], 6);
            rig.close();
        });
    }
}

#[test]
fn a_client_that_hangs_up_cancels_its_request() {
    for protocol in BOTH {
        let rig = Rig::new();
        on_threads(async {
            let reached = Arc::new(Notify::new());
            let at_handler = Arc::clone(&reached);
            let endless = || {
                let mut first = true;
                Response::new(Body::new(Script::new(move |_| {
                    if std::mem::take(&mut first) {
                        return Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"first")))));
                    }
                    Poll::Pending
                })))
            };
            let router = Router::new()
                .route(
                    "/waits",
                    get(async move || {
                        at_handler.notify_one();
                        pending::<()>().await;
                    }),
                )
                .route("/endless", get(async move || endless()))
                .layer(EventLayer::new());
            let address = rig.serve(router).await;

            // While the handler works.
            let connection = Connection::open(address, protocol).await;
            let request = tokio::spawn(async move { connection.send(rig::get("/waits")).await });
            reached.notified().await;
            request.abort();
            let (rig, event) = next(rig).await;
            assert_eq!(event["name"], "GET /waits");
            assert_eq!(event["outcome"], "cancelled");
            assert!(!event.contains_key("http.response.status_code"));

            // In the middle of a body.
            let connection = Connection::open(address, protocol).await;
            let response = connection.send(rig::get("/endless")).await.unwrap();
            let mut body = response.into_body();
            assert!(body.frame().await.is_some());
            drop((body, connection));
            let (rig, event) = next(rig).await;
            assert_eq!(event["name"], "GET /endless");
            assert_eq!(event["outcome"], "cancelled");
            assert_eq!(event["http.response.status_code"], 200);
            assert_eq!(event["http.response.body.size"], 5);
            rig.close();
        });
    }
}

#[test]
fn a_handler_that_panics_breaks_its_own_connection_only() {
    let rig = Rig::new();
    on_threads(async {
        let router = Router::new()
            .route(
                "/panics",
                get(async || -> Result<(), Infallible> { panic!("out of tea") }),
            )
            .route("/fine", get(async || "fine"))
            .layer(EventLayer::new());
        let address = rig.serve(router).await;
        let connection = Connection::open(address, Protocol::Http1).await;
        assert!(connection.send(rig::get("/panics")).await.is_err());
        assert_eq!(rig.next()["outcome"], "panic");
        let connection = Connection::open(address, Protocol::Http1).await;
        assert_eq!(connection.get("/fine").await, (200, b"fine".to_vec()));
    });
    assert_eq!(rig.next()["outcome"], "ok");
    rig.close();
}

#[test]
fn trailers_over_http_2() {
    let rig = Rig::new();
    on_threads(async {
        let answer = async || {
            let status = [("grpc-status".parse().unwrap(), "13".parse().unwrap())];
            Response::new(Body::new(Script::frames(vec![
                Frame::data(Bytes::from_static(b"\0\0\0\0\0")),
                Frame::trailers(http::HeaderMap::from_iter(status)),
            ])))
        };
        let router = Router::new()
            .route("/shop.Cart/Add", axum::routing::post(answer))
            .layer(EventLayer::new());
        let address = rig.serve(router).await;
        let connection = Connection::open(address, Protocol::Http2).await;
        let request = http::Request::post("/shop.Cart/Add")
            .header("content-type", "application/grpc")
            .body(Body::empty())
            .unwrap();
        let response = connection.send(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap();
        assert_eq!(body.trailers().unwrap()["grpc-status"], "13");
    });
    let event = rig.next();
    assert_eq!(event["name"], "shop.Cart/Add");
    assert_eq!(event["error.type"], "INTERNAL");
    assert_eq!(event["rpc.response.status_code"], "INTERNAL");
    rig.close();
}

/// A tenth of them over HTTP/1, each on a connection of its own, the others over few connections of HTTP/2.
#[test]
fn a_thousand_requests_at_once_are_not_mixed_up() {
    const REQUESTS: usize = 1_000;
    const HTTP_2_CONNECTIONS: usize = 5;

    #[honey::event(fields(number))]
    async fn work(number: usize, all_there: &Barrier) {
        honey::root().add_field("at.first", number);
        all_there.wait().await;
        honey::current().add_field("in.child", number);
        honey::tokio::spawn(async move {
            tokio::task::yield_now().await;
            honey::root().add_field("in.task", number);
        })
        .await
        .unwrap();
    }

    let rig = Rig::new();
    on_threads(async {
        let all_there = Arc::new(Barrier::new(REQUESTS));
        let handler = async move |Path(number): Path<usize>| {
            work(number, &all_there).await;
            number.to_string()
        };
        let router = Router::new()
            .route("/{number}", get(handler))
            .layer(EventLayer::new());
        let address = rig.serve(router).await;
        let mut shared = Vec::new();
        for _ in 0..HTTP_2_CONNECTIONS {
            shared.push(Connection::open(address, Protocol::Http2).await);
        }
        let requests = (0..REQUESTS).map(|number| {
            let shared = shared[number % HTTP_2_CONNECTIONS].clone();
            tokio::spawn(async move {
                let connection = if number % 10 == 0 {
                    Connection::open(address, Protocol::Http1).await
                } else {
                    shared
                };
                let answer = connection.get(&format!("/{number}")).await;
                assert_eq!(answer, (200, number.to_string().into_bytes()));
            })
        });
        for request in requests.collect::<Vec<_>>() {
            request.await.unwrap();
        }
    });
    let events: Vec<Fields> = (0..2 * REQUESTS).map(|_| rig.next()).collect();
    let (roots, children): (Vec<&Fields>, Vec<&Fields>) = events
        .iter()
        .partition(|event| !event.contains_key("trace.parent_id"));
    assert_eq!((roots.len(), children.len()), (REQUESTS, REQUESTS));
    let children: HashMap<&Value, &Fields> = children
        .into_iter()
        .map(|child| (&child["trace.parent_id"], child))
        .collect();
    for root in roots {
        let number = &root["in.task"];
        assert_eq!(root["url.path"], format!("/{number}"));
        assert_eq!(&root["at.first"], number);
        let child = children[&root["trace.span_id"]];
        assert_eq!(child["trace.trace_id"], root["trace.trace_id"]);
        assert_eq!((&child["number"], &child["in.child"]), (number, number));
    }
    rig.close();
}
