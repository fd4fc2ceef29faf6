//! A trace as rules see it: what this process recorded of it.

use std::fmt;
use std::time::Duration;

use crate::record::Chunk;
use crate::seen::{FieldValue, SeenEvent};

/// What this process recorded of a trace, when it is decided whether to keep it.
///
/// ```
/// use honey::sampling::{Rate, TailRules, When};
///
/// let long = When::test(|trace| trace.len() > 100 || trace.get("user.id").is_none());
/// let rules = TailRules::new().rule(long, Rate::one_in(10));
/// # drop(rules);
/// ```
#[derive(Clone, Copy)]
pub struct Trace<'a> {
    pub(crate) events: &'a Chunk,
    /// Where the local root is among them.
    pub(crate) root: Option<usize>,
    /// Without a root: since the first of its events began.
    pub(crate) age: Duration,
}

impl<'a> Trace<'a> {
    /// Its events, in the order they were collected: children before their parents, on each thread.
    ///
    /// Two local roots of one trace, as of a client that calls twice, are in one trace here if they ended at about the same
    /// time; what the first one's end decided holds for the second otherwise.
    pub fn events(&self) -> impl Iterator<Item = SeenEvent<'a>> {
        let events = self.events;
        (0..events.len()).filter_map(|index| events.get(index).map(SeenEvent::of))
    }

    /// How many there are; never 0.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "there is no empty trace")]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// The outermost event of this process. `None`: it has not ended, but the trace had to be decided, by age or for want of room.
    #[must_use]
    pub fn root(&self) -> Option<SeenEvent<'a>> {
        self.events.get(self.root?).map(SeenEvent::of)
    }

    /// A field of the local root, else of the first event that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<FieldValue<'a>> {
        let of_root = self.root().and_then(|root| root.get(key));
        of_root.or_else(|| self.events().find_map(|event| event.get(key)))
    }

    /// Whether one of its events ended with an error or a panic.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.events().any(|event| event.is_error())
    }

    /// How long the local root took; without one, how long ago the first of its events began.
    #[must_use]
    pub fn duration(&self) -> Duration {
        let of_root = self.root().and_then(|root| root.duration());
        of_root.unwrap_or(self.age)
    }
}

impl fmt::Debug for Trace<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trace")
            .field("root", &self.root())
            .field("len", &self.len())
            .field("duration", &self.duration())
            .finish()
    }
}
