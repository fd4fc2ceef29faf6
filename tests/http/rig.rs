//! What the tests share: a server with a client of honey's own, connections to it, and bodies that do as told.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use honey::testing::Captured;
use honey::tower::EventLayer;
use honey::transmission::{Batch, Transmission};
use honey::{Client, Config, FutureExt as _};
use http::{Request, Response};
use http_body::Frame;
use http_body_util::BodyExt as _;
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::{Map, Value};
use tower::{Layer, Service, ServiceExt as _};

/// Longer than any of this takes on a machine that is busy with other work.
pub(crate) const LONGEST: Duration = Duration::from_mins(1);

pub(crate) type Fields = Map<String, Value>;

/// Gives each event to a channel.
struct ToChannel(Sender<Fields>);

impl Transmission for ToChannel {
    fn send(&mut self, batch: &mut Batch<'_>, _timeout: Duration) {
        for event in batch.events() {
            let _ = self.0.send(event.fields());
            event.accept();
        }
    }

    fn flush(&mut self, _timeout: Duration) {}
}

/// A client of honey's and its events.
pub(crate) struct Rig {
    client: Client,
    events: Receiver<Fields>,
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self::with(|config| config)
    }

    pub(crate) fn with(settings: impl FnOnce(Config) -> Config) -> Self {
        let (to, events) = channel();
        let config = Config::new("")
            .dataset("test")
            .send_frequency(Duration::from_millis(5))
            .transmission(ToChannel(to));
        let client = Client::new(settings(config)).unwrap();
        Self { client, events }
    }

    /// The next event that ends; waits for it.
    pub(crate) fn next(&self) -> Fields {
        self.events.recv_timeout(LONGEST).unwrap()
    }

    /// Runs a future in this rig's client.
    pub(crate) fn run<F: Future>(&self, future: F) -> honey::InClient<F> {
        future.with_client(&self.client)
    }

    /// Serves on a free port; requests below `layer` are events of this rig.
    pub(crate) async fn serve(&self, router: Router) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = router.layer(InClientLayer(self.client.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    /// Closes the client: everything that began has ended, and was told.
    pub(crate) fn close(self) {
        let report = self.client.close(LONGEST);
        assert!(report.stats.is_balanced(), "{report}");
        assert_eq!(report.stats.open, 0, "{report}");
        assert_eq!(self.events.try_iter().collect::<Vec<_>>(), []);
    }
}

/// Requests are handled in a client: what `honey::init` does for a whole program.
#[derive(Clone)]
struct InClientLayer(Client);

#[derive(Clone)]
struct InClientService<S>(Client, S);

impl<S> Layer<S> for InClientLayer {
    type Service = InClientService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        InClientService(self.0.clone(), inner)
    }
}

impl<S: Service<Q>, Q> Service<Q> for InClientService<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = honey::InClient<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.1.poll_ready(context)
    }

    fn call(&mut self, request: Q) -> Self::Future {
        let Self(client, inner) = self;
        honey::with_client(client, || inner.call(request)).with_client(client)
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Protocol {
    Http1,
    Http2,
}

/// A connection that sends one request after the other, or many at once.
#[derive(Clone)]
pub(crate) enum Connection {
    Http1(std::sync::Arc<tokio::sync::Mutex<hyper::client::conn::http1::SendRequest<Body>>>),
    Http2(hyper::client::conn::http2::SendRequest<Body>),
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr, protocol: Protocol) -> Self {
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let io = TokioIo::new(stream);
        match protocol {
            Protocol::Http1 => {
                let (send, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
                tokio::spawn(connection);
                Self::Http1(std::sync::Arc::new(tokio::sync::Mutex::new(send)))
            }
            Protocol::Http2 => {
                let (send, connection) =
                    hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
                        .await
                        .unwrap();
                tokio::spawn(connection);
                Self::Http2(send)
            }
        }
    }

    pub(crate) async fn send(
        &self,
        mut request: Request<Body>,
    ) -> hyper::Result<Response<hyper::body::Incoming>> {
        match self {
            Self::Http1(send) => {
                let host = http::HeaderValue::from_static("shop.example:8080");
                request.headers_mut().insert(http::header::HOST, host);
                let mut send = send.lock().await;
                send.ready().await?;
                send.send_request(request).await
            }
            Self::Http2(send) => {
                let path = request.uri().path_and_query().unwrap().clone();
                *request.uri_mut() = format!("http://shop.example:8080{path}").parse().unwrap();
                let mut send = send.clone();
                send.ready().await?;
                send.send_request(request).await
            }
        }
    }

    /// The status and the whole body.
    pub(crate) async fn get(&self, path: &str) -> (u16, Vec<u8>) {
        let response = self.send(get(path)).await.unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap();
        (status, body.to_bytes().to_vec())
    }
}

pub(crate) fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

/// What a router makes of requests, one after the other, with their bodies read to the end.
pub(crate) fn captured(
    router: Router,
    requests: impl IntoIterator<Item = Request<Body>>,
) -> Captured {
    let requests: Vec<_> = requests.into_iter().collect();
    block_on(honey::testing::capture_async(async move {
        for request in requests {
            let response = router.clone().oneshot(request).await.unwrap();
            let _ = response.into_body().collect().await;
        }
    }))
}

/// What one router with the layer makes of one request.
pub(crate) fn captured_one(router: Router, request: Request<Body>) -> Fields {
    let captured = captured(router.layer(EventLayer::new()), [request]);
    assert_eq!(captured.events().len(), 1, "{captured:?}");
    captured.events()[0].data().clone()
}

pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// A server and its clients on two threads.
pub(crate) fn on_threads<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(async { tokio::time::timeout(LONGEST, future).await.unwrap() })
}

/// Awaits work that blocks its thread.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

/// What a [`Script`] does at a poll for a frame.
pub(crate) type Step = Box<dyn FnMut(&mut Context<'_>) -> Poll<Option<StepResult>> + Send>;
pub(crate) type StepResult = Result<Frame<axum::body::Bytes>, Stumble>;

/// A body that asks a closure for each frame, and knows neither its length nor its end.
pub(crate) struct Script(Step);

impl Script {
    pub(crate) fn new(
        step: impl FnMut(&mut Context<'_>) -> Poll<Option<StepResult>> + Send + 'static,
    ) -> Self {
        Self(Box::new(step))
    }

    /// These frames, one a poll.
    pub(crate) fn frames(frames: Vec<Frame<axum::body::Bytes>>) -> Self {
        let mut frames = frames.into_iter();
        Self::new(move |_| Poll::Ready(frames.next().map(Ok)))
    }
}

impl http_body::Body for Script {
    type Data = axum::body::Bytes;
    type Error = Stumble;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<StepResult>> {
        (self.0)(context)
    }
}

/// What goes wrong in a body.
#[derive(Debug)]
pub(crate) struct Stumble;

impl std::fmt::Display for Stumble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the disk is gone")
    }
}

impl std::error::Error for Stumble {}

/// A service from a function that answers at once.
pub(crate) fn answering<R>(
    answer: impl Fn(Request<String>) -> Response<R> + Clone,
) -> impl Service<Request<String>, Response = Response<R>, Error = Infallible, Future: Send> + Clone
where
    R: Send,
{
    tower::service_fn(move |request| std::future::ready(Ok(answer(request))))
}
