//! What is current on a thread: its open events, and what it adopted, the innermost last.

use super::cell::OpenCell;
use super::context::Target;
use super::open::OpenEvent;
use super::outside::SpanContext;

/// See the module.
pub(super) struct Stack {
    entries: Vec<Entry>,
    /// Those that are adopted, in the order in which they stand among the entries: apart, so that these are small.
    adopted: Vec<Target>,
}

/// What is current, or was before something else.
enum Entry {
    /// An event that is open here.
    Open(Box<OpenEvent>),
    /// An event that is open elsewhere, adopted for a while by `honey::scope`.
    Adopted,
    /// The same for an event of another process.
    Outside(Box<SpanContext>),
}

/// An entry is written and read for each event.
const _: () = assert!(size_of::<Entry>() == 16);

/// The innermost of them.
#[derive(Clone, Copy)]
pub(crate) enum Innermost<'a> {
    None,
    Event(&'a Target),
    Outside(&'a SpanContext),
}

impl Stack {
    pub(super) const fn new() -> Self {
        Self {
            entries: Vec::new(),
            adopted: Vec::new(),
        }
    }

    #[inline]
    pub(super) fn push(&mut self, event: Box<OpenEvent>) {
        self.entries.push(Entry::Open(event));
    }

    /// Makes an event that is open elsewhere the current one.
    pub(super) fn adopt(&mut self, target: Target) {
        self.adopted.push(target);
        self.entries.push(Entry::Adopted);
    }

    /// Makes an event of another process the current one.
    pub(super) fn adopt_outside(&mut self, context: &SpanContext) {
        self.entries.push(Entry::Outside(Box::new(context.clone())));
    }

    /// Ends the innermost adoption of that event.
    pub(super) fn abandon(&mut self, target: &Target) {
        let is_it = |known: &Target| known.is(target.cell, target.generation);
        let Some(which) = self.adopted.iter().rposition(is_it) else {
            return;
        };
        self.adopted.remove(which);
        let entries = self.entries.iter().enumerate();
        let mut adopted = entries.filter(|(_, entry)| matches!(entry, Entry::Adopted));
        if let Some((place, _)) = adopted.nth(which) {
            self.entries.remove(place);
        }
    }

    /// The same for one of another process.
    pub(super) fn abandon_outside(&mut self, context: &SpanContext) {
        let is_it =
            |entry: &Entry| matches!(entry, Entry::Outside(known) if known.has_ids_of(context));
        if let Some(place) = self.entries.iter().rposition(is_it) {
            self.entries.remove(place);
        }
    }

    #[inline]
    pub(super) fn innermost(&self) -> Innermost<'_> {
        match self.entries.last() {
            None => Innermost::None,
            Some(Entry::Open(event)) => Innermost::Event(&event.target),
            Some(Entry::Adopted) => self.innermost_adopted(),
            Some(Entry::Outside(context)) => Innermost::Outside(context),
        }
    }

    #[cold]
    fn innermost_adopted(&self) -> Innermost<'_> {
        self.adopted
            .last()
            .map_or(Innermost::None, Innermost::Event)
    }

    /// Takes an event off, if it is the innermost.
    #[inline]
    pub(super) fn pop(
        &mut self,
        cell: &'static OpenCell,
        generation: u64,
    ) -> Option<Box<OpenEvent>> {
        if !self.entries.last()?.is(cell, generation) {
            return None;
        }
        match self.entries.pop() {
            Some(Entry::Open(event)) => Some(event),
            _ => None,
        }
    }

    /// Takes an event off, wherever it is.
    #[cold]
    pub(super) fn remove(
        &mut self,
        cell: &'static OpenCell,
        generation: u64,
    ) -> Option<Box<OpenEvent>> {
        let is_it = |entry: &Entry| entry.is(cell, generation);
        let place = self.entries.iter().rposition(is_it)?;
        match self.entries.remove(place) {
            Entry::Open(event) => Some(event),
            Entry::Adopted | Entry::Outside(_) => None,
        }
    }

    /// An event, if it is the innermost.
    #[inline]
    pub(super) fn top_mut(
        &mut self,
        cell: &'static OpenCell,
        generation: u64,
    ) -> Option<&mut OpenEvent> {
        match self.entries.last_mut() {
            Some(Entry::Open(event)) if event.is(cell, generation) => Some(event),
            _ => None,
        }
    }

    /// An event, wherever it is.
    #[inline]
    pub(super) fn find_mut(
        &mut self,
        cell: &'static OpenCell,
        generation: u64,
    ) -> Option<&mut OpenEvent> {
        let mut open = self.open_mut().rev();
        open.find(|event| event.is(cell, generation))
    }

    /// The events that are open here, the outermost first.
    #[inline]
    pub(super) fn open_mut(&mut self) -> impl DoubleEndedIterator<Item = &mut OpenEvent> {
        self.entries.iter_mut().filter_map(|entry| match entry {
            Entry::Open(event) => Some(&mut **event),
            Entry::Adopted | Entry::Outside(_) => None,
        })
    }

    /// Takes them out of it.
    pub(super) fn into_open(self) -> impl DoubleEndedIterator<Item = Box<OpenEvent>> {
        self.entries.into_iter().filter_map(|entry| match entry {
            Entry::Open(event) => Some(event),
            Entry::Adopted | Entry::Outside(_) => None,
        })
    }
}

impl Entry {
    /// Whether it is that event, open here.
    #[inline]
    fn is(&self, cell: &'static OpenCell, generation: u64) -> bool {
        matches!(self, Self::Open(event) if event.is(cell, generation))
    }
}

impl Default for Stack {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn innermost(stack: &Stack) -> Option<u64> {
        match stack.innermost() {
            Innermost::Event(target) => Some(target.generation),
            Innermost::None | Innermost::Outside(_) => None,
        }
    }

    /// What is adopted lies apart from the entries: each must stay where it was, whichever goes first.
    #[test]
    fn adoptions_end_in_any_order_and_leave_the_others_where_they_were() {
        let mut event = OpenEvent::new();
        let cell = event.target.cell;
        event.target.generation = 10;
        let [first, second, third] = [1, 2, 3].map(|generation| Target::new(cell, generation));
        let mut stack = Stack::new();
        stack.adopt(first);
        stack.adopt(second);
        stack.push(event);
        stack.adopt(third);
        stack.adopt(first);
        assert_eq!(innermost(&stack), Some(1));
        stack.abandon(&first);
        assert_eq!(innermost(&stack), Some(3), "the innermost of the two");
        stack.abandon(&second);
        assert_eq!(innermost(&stack), Some(3));
        stack.abandon(&third);
        assert_eq!(innermost(&stack), Some(10));
        stack.abandon(&third);
        assert!(stack.pop(cell, 9).is_none());
        assert!(stack.pop(cell, 10).is_some());
        assert_eq!(innermost(&stack), Some(1));
        stack.abandon(&first);
        assert_eq!(innermost(&stack), None);
    }
}
