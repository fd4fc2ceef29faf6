//! A request to a tower service that answers at once, polled to the end of its body: the same with honey's layer around it and without.

use std::cell::RefCell;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use honey::tower::{EventLayer, EventService};
use http::header::{ACCEPT, CONTENT_LENGTH, HOST, USER_AGENT};
use http::{HeaderValue, Request, Response};
use http_body::{Body, Frame, SizeHint};
use tower_layer::Layer as _;
use tower_service::Service;

thread_local! {
    static IN_EVENTS: RefCell<EventService<Answers>> = RefCell::new(EventLayer::new().layer(Answers));
}

/// The service alone.
pub(crate) fn bare(n: u64) {
    serve(&mut Answers, request(n));
}

/// The service in honey's layer.
pub(crate) fn in_event(n: u64) {
    IN_EVENTS.with_borrow_mut(|service| serve(service, request(n)));
}

/// The same for a request that belongs to a trace of another process.
pub(crate) fn in_event_of_a_trace(n: u64) {
    let mut request = request(n);
    request.headers_mut().insert(
        "traceparent",
        HeaderValue::from_static("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
    );
    IN_EVENTS.with_borrow_mut(|service| serve(service, request));
}

/// What a server does for one request.
fn serve<S, B>(service: &mut S, request: Request<u64>)
where
    S: Service<Request<u64>, Response = Response<B>>,
    B: Body,
{
    let mut context = Context::from_waker(Waker::noop());
    assert!(service.poll_ready(&mut context).is_ready());
    let mut future = pin!(service.call(request));
    let Poll::Ready(Ok(response)) = future.as_mut().poll(&mut context) else {
        unreachable!("it answers at once");
    };
    let (head, body) = response.into_parts();
    black_box(head.status);
    let mut body = pin!(body);
    while !body.is_end_stream() {
        black_box(body.size_hint());
        let frame = body.as_mut().poll_frame(&mut context);
        assert!(matches!(frame, Poll::Ready(Some(Ok(_)))));
    }
}

/// As a browser's or another service's comes in.
fn request(n: u64) -> Request<u64> {
    let mut request = Request::new(n);
    *request.uri_mut() = http::Uri::from_static("/cart/7");
    let headers = request.headers_mut();
    headers.insert(HOST, HeaderValue::from_static("shop.example"));
    headers.insert(USER_AGENT, HeaderValue::from_static("honey-benches/1.0"));
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    request
}

/// Answers a request with a text.
struct Answers;

impl Service<Request<u64>> for Answers {
    type Response = Response<Text>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Text>, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    #[inline(never)]
    fn call(&mut self, request: Request<u64>) -> Self::Future {
        black_box(request.into_body());
        let mut response = Response::new(Text(Some(Bytes::from_static(b"cart 7 has three items"))));
        response
            .headers_mut()
            .insert(CONTENT_LENGTH, HeaderValue::from_static("22"));
        ready(Ok(response))
    }
}

/// A body of one frame.
struct Text(Option<Bytes>);

impl Body for Text {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(|text| Ok(Frame::data(text))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.as_ref().map_or(0, |text| text.len() as u64))
    }
}
