//! Timed events and current clients without an annotation.

use std::marker::PhantomData;

use super::context::Target;
use super::handle::EventHandle;
use super::local::Local;
use super::outside::{EventRef, Meant, SpanContext};
use super::start::{Subject, start_below, start_live};
use super::timed::{Entered, Started};
use crate::client::{Client, Inner, live};
use crate::sync::Arc;

/// A timed event that is current while this guard lives; what `#[honey::event]` does, by hand.
///
/// Dropped, the event ends: ok, unless [`EventHandle::set_error`] was called or a panic is under way. It stays on its thread;
/// for futures see [`FutureExt`](crate::FutureExt).
///
/// ```
/// let scope = honey::start_child("render");
/// scope.handle().add_field("template", "cart");
/// honey::current().add_field("cached", false); // the same event
/// ```
#[must_use = "the event ends when the guard is dropped: bind it, `let _scope = …`"]
pub struct EventScope {
    entered: Entered,
}

/// Begins a timed event below the current one, or as the root of a new trace.
///
/// ```
/// let scope = honey::start_child("render");
/// scope.handle().add_field("template", "cart");
/// drop(scope); // ends and is sent
/// ```
pub fn start_child(name: &'static str) -> EventScope {
    let started = if live::any() {
        start_live(Subject::Name(name))
    } else {
        Started::none()
    };
    EventScope {
        entered: started.enter(),
    }
}

/// Begins a timed event below `parent`: an event of this process, or of another one.
///
/// ```
/// use std::collections::HashMap;
///
/// # let headers = HashMap::from([(
/// #     "traceparent".to_owned(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".to_owned(),
/// # )]);
/// let _scope = honey::start_child_of("work off", honey::propagation::extract(&headers));
/// ```
///
/// Without a parent (`None`, or a handle of no event) it is [`start_child`].
pub fn start_child_of(name: &'static str, parent: impl Into<EventRef>) -> EventScope {
    EventScope {
        entered: start_below(Subject::Name(name), &parent.into()).enter(),
    }
}

/// Runs `work` as a timed event below the current one.
///
/// ```
/// let total = honey::in_child_event("sum", || 1 + 2);
/// assert_eq!(total, 3);
/// ```
pub fn in_child_event<T>(name: &'static str, work: impl FnOnce() -> T) -> T {
    let _scope = start_child(name);
    work()
}

impl EventScope {
    /// A handle of the event.
    #[must_use]
    pub fn handle(&self) -> EventHandle {
        self.entered.handle()
    }
}

impl std::fmt::Debug for EventScope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("EventScope").field(&self.handle()).finish()
    }
}

/// Runs `work` on this thread as if `parent` were open here: events inside become its children, and
/// [`current`](crate::current) is `parent`. For threads, rayon and `spawn_blocking`.
///
/// `parent` may be an event of another process ([`propagation::extract`](crate::propagation::extract)): each event that begins
/// inside, outside any other, is a local root below it. `None` changes nothing.
///
/// ```
/// let request = honey::current();
/// std::thread::spawn(move || {
///     honey::scope(request, || honey::current().add_field("worker", true));
/// });
/// ```
pub fn scope<T>(parent: impl Into<EventRef>, work: impl FnOnce() -> T) -> T {
    let _adopted = Adopted::push(&parent.into());
    work()
}

/// Runs `work` with `client` as the current client of this thread: free functions and annotated functions inside use it.
///
/// ```
/// # fn main() -> Result<(), honey::InitError> {
/// let tenant = honey::Client::new(honey::Config::new("key").api_host("").dataset("tenant"))?;
/// honey::with_client(&tenant, || honey::Event::new().send());
/// # Ok(())
/// # }
/// ```
pub fn with_client<T>(client: &Client, work: impl FnOnce() -> T) -> T {
    let _override = Override::push(client.inner());
    work()
}

/// A client made current; drops back to the one before.
pub(crate) struct Override {
    not_send: PhantomData<*const ()>,
}

impl Override {
    pub(crate) fn push(client: Option<&Arc<Inner>>) -> Self {
        let client = client.map(Arc::clone);
        let _ = Local::with(|local| local.push_override(client));
        Self {
            not_send: PhantomData,
        }
    }
}

impl Drop for Override {
    fn drop(&mut self) {
        let _ = Local::with(Local::pop_override);
    }
}

/// An event of elsewhere made current here, with the client that was current there.
pub(crate) struct Adopted {
    what: What,
    _client: Option<Override>,
    not_send: PhantomData<*const ()>,
}

enum What {
    Nothing,
    Event(Target),
    Outside(Box<SpanContext>),
}

impl Adopted {
    pub(crate) fn push(parent: &EventRef) -> Self {
        let mut client = None;
        let what = match &parent.0 {
            Meant::Here(handle) => {
                client = handle
                    .client()
                    .map(|client| Override::push(client.as_ref()));
                handle.target().copied().map_or(What::Nothing, What::Event)
            }
            Meant::Elsewhere(context) => What::Outside(context.clone()),
        };
        let _ = Local::with(|local| match &what {
            What::Nothing => {}
            What::Event(target) => local.adopt(*target),
            What::Outside(context) => local.adopt_outside(context),
        });
        Self {
            what,
            _client: client,
            not_send: PhantomData,
        }
    }
}

impl Drop for Adopted {
    fn drop(&mut self) {
        let _ = Local::with(|local| match &self.what {
            What::Nothing => {}
            What::Event(target) => local.abandon(target),
            What::Outside(context) => local.abandon_outside(context),
        });
    }
}
