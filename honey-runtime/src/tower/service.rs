//! The service around the user's.

use std::task::{Context, Poll};

use ::http::{Method, Request, Response};
use http_body::Body;
use tower_service::Service;

use super::body::EventBody;
use super::future::ResponseFuture;
use super::layer::EventLayer;
use crate::event::{Started, is_enabled};
use crate::sync::Arc;

/// A service whose requests are events: what [`EventLayer`] makes of one.
///
/// Errors and readiness are the inner service's own. Bodies of responses are wrapped, those of requests are not.
///
/// ```
/// use http::{Request, Response};
/// use tower_layer::Layer;
///
/// let hello = tower::service_fn(async |_request: Request<String>| {
///     Ok::<_, std::convert::Infallible>(Response::new(String::from("hello")))
/// });
/// let service: honey::tower::EventService<_> = honey::tower::EventLayer::new().layer(hello);
/// # drop(service);
/// ```
#[derive(Debug, Clone)]
pub struct EventService<S> {
    inner: S,
    settings: Arc<EventLayer>,
}

impl<S> EventService<S> {
    pub(super) fn new(inner: S, settings: Arc<EventLayer>) -> Self {
        Self { inner, settings }
    }
}

impl<S, Q, R> Service<Request<Q>> for EventService<S>
where
    S: Service<Request<Q>, Response = Response<R>>,
    R: Body,
{
    type Response = Response<EventBody<R>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        let is_head = request.method() == Method::HEAD;
        let (request, started) = self.begin(request);
        // What the service does before it returns its future belongs to the request too.
        let entered = started.enter();
        let inner = self.inner.call(request);
        let settings = self.settings.response_fields.clone();
        ResponseFuture::new(inner, entered.leave(), is_head, settings)
    }
}

impl<S> EventService<S> {
    fn begin<Q>(&self, request: Request<Q>) -> (Request<Q>, Started) {
        if !is_enabled() {
            return (request, Started::none());
        }
        let (parts, body) = request.into_parts();
        let started = self.settings.begin(&parts);
        (Request::from_parts(parts, body), started)
    }
}
