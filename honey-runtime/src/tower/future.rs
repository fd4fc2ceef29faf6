//! The future of a response.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};

use ::http::{Response, response};
use http_body::Body;
use pin_project_lite::pin_project;

use super::body::EventBody;
use super::headers::{ResponseHeaders, number};
use super::layer::AddFields;
use super::response::{failure, head, is_bodiless};
use crate::event::{Between, Started, between, drop_inside};

pin_project! {
    /// What [`EventService`](super::EventService) returns: the inner service's future, in the request's event.
    ///
    /// ```
    /// use http::{Request, Response};
    /// use tower_layer::Layer;
    /// use tower_service::Service;
    ///
    /// # async fn call() {
    /// let hello = tower::service_fn(async |_request: Request<String>| {
    ///     Ok::<_, std::convert::Infallible>(Response::new(String::from("hello")))
    /// });
    /// let mut service = honey::tower::EventLayer::new().layer(hello);
    /// let future: honey::tower::ResponseFuture<_> = service.call(Request::default());
    /// assert_eq!(future.await.map(|response| response.status().as_u16()), Ok(200));
    /// # }
    /// ```
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct ResponseFuture<F> {
        // `None` only while this is being dropped.
        #[pin]
        inner: Option<F>,
        started: Between<Started>,
        is_head: bool,
        response_fields: Option<AddFields<response::Parts>>,
    }

    impl<F> PinnedDrop for ResponseFuture<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            drop_inside(this.started, || this.inner.set(None));
        }
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn new(
        inner: F,
        started: Started,
        is_head: bool,
        response_fields: Option<AddFields<response::Parts>>,
    ) -> Self {
        Self {
            inner: Some(inner),
            started: Mutex::new(Some(started)),
            is_head,
            response_fields,
        }
    }
}

impl<F, R, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: Body,
{
    type Output = Result<Response<EventBody<R>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(inner) = this.inner.as_pin_mut() else {
            return Poll::Pending;
        };
        let started = between(this.started);
        let Some(event) = started.take() else {
            // After the end: whatever the inner future does then.
            return inner
                .poll(context)
                .map_ok(|response| response.map(EventBody::without_event));
        };
        // When the poll panics, `entered` is dropped and ends the event as panicked.
        let entered = event.enter();
        let polled = inner.poll(context);
        let mut event = entered.leave();
        match polled {
            Poll::Pending => {
                *started = Some(event);
                Poll::Pending
            }
            Poll::Ready(Err(error)) => {
                failure::<E>(&mut event);
                event.end();
                Poll::Ready(Err(error))
            }
            Poll::Ready(Ok(response)) => {
                let (parts, body) = response.into_parts();
                let headers = ResponseHeaders::of(&parts.headers);
                let event = head(event, &parts, &headers, this.response_fields.as_ref());
                let body = if is_bodiless(*this.is_head, parts.status) {
                    event.end();
                    EventBody::without_event(body)
                } else {
                    EventBody::new(body, event, headers.content_length.and_then(number))
                };
                Poll::Ready(Ok(Response::from_parts(parts, body)))
            }
        }
    }
}

impl<F> fmt::Debug for ResponseFuture<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseFuture").finish_non_exhaustive()
    }
}
