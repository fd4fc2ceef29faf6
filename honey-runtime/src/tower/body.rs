//! The body of a response, with which its event ends.

use std::fmt;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};

use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::grpc;
use super::headers::ResponseHeaders;
use super::response::{body_size, failure, grpc_status};
use crate::event::{Between, Started, between};

pin_project! {
    /// A response's body that ends the request's event with its last frame.
    ///
    /// ```
    /// fn of<B>(response: http::Response<honey::tower::EventBody<B>>) -> honey::tower::EventBody<B> {
    ///     response.into_body()
    /// }
    /// # let _ = of::<String>;
    /// ```
    pub struct EventBody<B> {
        // `None` only while this is being dropped.
        #[pin]
        inner: Option<B>,
        started: Between<Started>,
        sent_bytes: u64,
        // What the whole of it will be, where that is known: a server stops asking then.
        whole_bytes: Option<u64>,
    }

    impl<B> PinnedDrop for EventBody<B> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let Some(mut event) = between(this.started).take() else {
                return;
            };
            body_size(&mut event, *this.sent_bytes);
            let entered = event.enter();
            this.inner.set(None);
            if this.whole_bytes.is_none_or(|whole| *this.sent_bytes < whole) {
                // As one that has left, the event ends as cancelled, or as panicked.
                drop(entered.leave());
            }
        }
    }
}

impl<B> EventBody<B> {
    /// One whose event has ended, if there ever was one.
    pub(super) fn without_event(inner: B) -> Self {
        Self {
            inner: Some(inner),
            started: Mutex::new(None),
            sent_bytes: 0,
            whole_bytes: None,
        }
    }
}

impl<B: Body> EventBody<B> {
    /// A body to come, of so many bytes if the head says so. The event ends at once if there are none.
    pub(super) fn new(inner: B, mut event: Started, told_bytes: Option<u64>) -> Self {
        if inner.is_end_stream() {
            body_size(&mut event, 0);
            event.end();
            return Self::without_event(inner);
        }
        Self {
            sent_bytes: 0,
            whole_bytes: told_bytes.or_else(|| inner.size_hint().exact()),
            inner: Some(inner),
            started: Mutex::new(Some(event)),
        }
    }
}

impl<B: Body> Body for EventBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let Some(mut inner) = this.inner.as_pin_mut() else {
            return Poll::Ready(None);
        };
        let started = between(this.started);
        let Some(event) = started.take() else {
            return inner.poll_frame(context);
        };
        // When the poll panics, `entered` is dropped and ends the event as panicked.
        let entered = event.enter();
        let polled = inner.as_mut().poll_frame(context);
        let mut event = entered.leave();
        let is_over = match &polled {
            Poll::Pending => false,
            Poll::Ready(None) => true,
            Poll::Ready(Some(Err(_))) => {
                failure::<B::Error>(&mut event);
                true
            }
            Poll::Ready(Some(Ok(frame))) => {
                *this.sent_bytes += take_note(&mut event, frame);
                inner.is_end_stream()
            }
        };
        if is_over {
            body_size(&mut event, *this.sent_bytes);
            event.end();
        } else {
            *started = Some(event);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map(Body::size_hint).unwrap_or_default()
    }
}

/// Looks at a frame; returns the bytes it adds to the body.
fn take_note<D: Buf>(event: &mut Started, frame: &Frame<D>) -> u64 {
    let trailers = frame.trailers_ref().map(ResponseHeaders::of);
    let status = trailers.and_then(|trailers| trailers.grpc_status);
    if let Some(status) = status.and_then(grpc::status) {
        grpc_status(event, status);
    }
    let data = frame.data_ref().map_or(0, D::remaining);
    u64::try_from(data).unwrap_or(u64::MAX)
}

/// An empty body, of no event.
impl<B: Default> Default for EventBody<B> {
    fn default() -> Self {
        Self::without_event(B::default())
    }
}

impl<B> fmt::Debug for EventBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventBody")
            .field("sent_bytes", &self.sent_bytes)
            .field("whole_bytes", &self.whole_bytes)
            .finish_non_exhaustive()
    }
}
