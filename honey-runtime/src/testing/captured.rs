//! What was captured.

use std::fmt;
use std::time::Duration;

use super::{CapturedEvent, CapturedTree, Events};
use crate::client::Client;
use crate::sender::CaptureShip;
use crate::stats::Stats;
use crate::sync::Arc;

/// What a closure or future emitted, and what it returned.
///
/// ```
/// let captured = honey::testing::capture(|| {
///     honey::in_child_event("checkout", || honey::current().add_field("items", 3));
///     "receipt"
/// });
/// assert_eq!(captured.event("checkout").u64("items"), Some(3));
/// assert_eq!((captured.events().len(), *captured.returned()), (1, "receipt"));
/// assert!(captured.stats().is_balanced());
/// println!("{}", captured.tree());
/// ```
#[derive(Clone)]
pub struct Captured<T = ()> {
    events: Vec<CapturedEvent>,
    stats: Stats,
    returned: T,
}

impl<T> Captured<T> {
    pub(super) fn of(client: &Client, ship: &Arc<CaptureShip>, returned: T) -> Self {
        // Collects what the threads hold; there is nobody to wait for.
        let _ = client.flush(Duration::ZERO);
        let events = ship.take().iter().map(CapturedEvent::of).collect();
        Self {
            events,
            stats: client.stats(),
            returned,
        }
    }

    /// All events, in the order they ended on each thread, to be narrowed down.
    pub fn events(&self) -> Events<'_> {
        Events::of(&self.events)
    }

    /// The only event of this name: short for `events().named(name).one()`.
    ///
    /// # Panics
    /// When there is none, or more than one. The message shows what was captured, the most similar first.
    #[must_use]
    #[track_caller]
    pub fn event(&self, name: &str) -> &CapturedEvent {
        self.events().named(name).one()
    }

    /// All events as a tree, for a snapshot: see [`Events::tree`].
    pub fn tree(&self) -> CapturedTree<'_> {
        self.events().tree()
    }

    /// What the closure or future returned.
    pub fn returned(&self) -> &T {
        &self.returned
    }

    /// The same, to keep.
    pub fn into_returned(self) -> T {
        self.returned
    }

    /// The balance of the capture.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.stats.clone()
    }
}

/// The events alone: what was returned need not be `Debug`.
impl<T> fmt::Debug for Captured<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Captured")
            .field("events", &self.events)
            .field("stats", &self.stats)
            .finish_non_exhaustive()
    }
}
