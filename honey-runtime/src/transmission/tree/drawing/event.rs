//! What an event must say of itself to be drawn.

use serde_json::{Map, Value};

/// An event that can be drawn.
pub trait Drawable {
    /// The dataset it belongs to.
    fn dataset(&self) -> &str;
    /// When it began, in nanoseconds since the Unix epoch.
    fn time_ns(&self) -> i64;
    /// How many events it stands for.
    fn sample_rate(&self) -> u64;
    /// Its fields.
    fn data(&self) -> &Map<String, Value>;
    /// About what it takes in memory.
    fn held_bytes(&self) -> usize;
}

impl<E: Drawable + ?Sized> Drawable for &E {
    fn dataset(&self) -> &str {
        (**self).dataset()
    }

    fn time_ns(&self) -> i64 {
        (**self).time_ns()
    }

    fn sample_rate(&self) -> u64 {
        (**self).sample_rate()
    }

    fn data(&self) -> &Map<String, Value> {
        (**self).data()
    }

    fn held_bytes(&self) -> usize {
        (**self).held_bytes()
    }
}

impl dyn Drawable + '_ {
    pub(super) fn get(&self, field: &str) -> Option<&Value> {
        self.data().get(field)
    }

    pub(super) fn str(&self, field: &str) -> Option<&str> {
        self.get(field)?.as_str()
    }

    pub(super) fn trace_id(&self) -> Option<&str> {
        self.id("trace.trace_id")
    }

    pub(super) fn span_id(&self) -> Option<&str> {
        self.id("trace.span_id")
    }

    /// `None` for a root.
    pub(super) fn parent_id(&self) -> Option<&str> {
        self.id("trace.parent_id")
    }

    fn id(&self, field: &str) -> Option<&str> {
        self.str(field).filter(|id| !id.is_empty())
    }
}
