//! Timed events and current clients without an annotation.

use std::marker::PhantomData;

use super::context::Target;
use super::handle::EventHandle;
use super::local::Local;
use super::start::{Subject, start_live};
use super::timed::{Entered, Started};
use crate::client::{Client, Inner, live};
use crate::sync::Arc;

/// A timed event that is current while this guard lives; what `#[honey::event]` does, by hand.
///
/// Dropped, the event ends: ok, unless [`EventHandle::set_error`] was called or a panic is under way. It stays on its thread;
/// for futures see [`FutureExt`](crate::FutureExt).
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
/// ```
/// let request = honey::current();
/// std::thread::spawn(move || {
///     honey::scope(request, || honey::current().add_field("worker", true));
/// });
/// ```
pub fn scope<T>(parent: EventHandle, work: impl FnOnce() -> T) -> T {
    let _adopted = Adopted::push(parent);
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
    target: Option<Target>,
    _client: Option<Override>,
    not_send: PhantomData<*const ()>,
}

impl Adopted {
    pub(crate) fn push(parent: EventHandle) -> Self {
        let client = parent
            .client()
            .map(|client| Override::push(client.as_ref()));
        let target = parent.target().copied();
        if let Some(target) = target {
            let _ = Local::with(|local| local.adopt(target));
        }
        Self {
            target,
            _client: client,
            not_send: PhantomData,
        }
    }
}

impl Drop for Adopted {
    fn drop(&mut self) {
        if let Some(target) = self.target {
            let _ = Local::with(|local| local.abandon(&target));
        }
    }
}
