//! Futures that carry an event or a client with them, from poll to poll and from thread to thread.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::handle::current;
use super::in_event::InChildEvent;
use super::outside::EventRef;
use super::scoped::{Adopted, Override};
use crate::client::{Client, Inner};
use crate::sync::Arc;

/// Adds honey's ways to every future.
pub trait FutureExt: Future + Sized {
    /// Polls this future, and drops it, as if `parent` were open there: what it does becomes the parent's children and fields.
    /// The event does not wait for the future: fields written after its end are lost and counted.
    ///
    /// `parent` may be an event of another process; see [`scope`](crate::scope()).
    ///
    /// ```
    /// use honey::FutureExt;
    /// # fn spawn<F: Future>(_task: F) {}
    /// let request = honey::current();
    /// spawn(async { honey::current().add_field("in.task", true) }.in_event(request));
    /// ```
    fn in_event(self, parent: impl Into<EventRef>) -> WithEvent<Self> {
        WithEvent {
            parent: parent.into(),
            inner: Some(self),
        }
    }

    /// The same with the event that is current now: what a spawned task needs.
    ///
    /// ```
    /// use honey::FutureExt;
    /// # fn spawn<F: Future>(_task: F) {}
    /// spawn(async { honey::current().add_field("in.task", true) }.in_current_event());
    /// ```
    fn in_current_event(self) -> WithEvent<Self> {
        self.in_event(current())
    }

    /// Makes this future a timed event below the one that is current at its first poll: what `#[honey::event]` does for an async
    /// function, for any future. Dropped before it is done, the event ends as `cancelled`; never polled, there is none. The
    /// future's output is not looked at: call [`EventHandle::set_error`](crate::EventHandle::set_error) inside.
    ///
    /// ```
    /// use honey::FutureExt;
    /// # async fn fetch() {}
    /// # async fn handle() {
    /// fetch().in_child_event("fetch prices").await;
    /// # }
    /// ```
    fn in_child_event(self, name: &'static str) -> InChildEvent<Self> {
        InChildEvent::new(name, self)
    }

    /// Polls this future, and drops it, with `client` as the current client: the asynchronous twin of
    /// [`with_client`](crate::with_client).
    ///
    /// ```
    /// use honey::FutureExt;
    /// # async fn import() {}
    /// # async fn of_tenant(tenant: &honey::Client) {
    /// import().with_client(tenant).await;
    /// # }
    /// ```
    fn with_client(self, client: &Client) -> InClient<Self> {
        InClient {
            client: client.inner().map(Arc::clone),
            inner: Some(self),
        }
    }
}

impl<F: Future> FutureExt for F {}

pin_project! {
    /// See [`FutureExt::in_event`].
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct WithEvent<F> {
        parent: EventRef,
        // `None` only while this is being dropped.
        #[pin]
        inner: Option<F>,
    }

    impl<F> PinnedDrop for WithEvent<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _adopted = Adopted::push(this.parent);
            this.inner.set(None);
        }
    }
}

impl<F: Future> Future for WithEvent<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _adopted = Adopted::push(this.parent);
        this.inner
            .as_pin_mut()
            .map_or(Poll::Pending, |inner| inner.poll(context))
    }
}

pin_project! {
    /// See [`FutureExt::with_client`].
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct InClient<F> {
        client: Option<Arc<Inner>>,
        // `None` only while this is being dropped.
        #[pin]
        inner: Option<F>,
    }

    impl<F> PinnedDrop for InClient<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            let _override = Override::push(this.client.as_ref());
            this.inner.set(None);
        }
    }
}

impl<F: Future> Future for InClient<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let _override = Override::push(this.client.as_ref());
        this.inner
            .as_pin_mut()
            .map_or(Poll::Pending, |inner| inner.poll(context))
    }
}
