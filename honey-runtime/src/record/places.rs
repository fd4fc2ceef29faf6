//! A list whose places are written again and again.

use std::ops::{Deref, DerefMut};

/// A list that keeps its items when it is emptied: a new one is written over an old one, piece by piece, where pushing it would make it
/// elsewhere and copy it. Made for chunks, which go round between the threads and the ship side.
#[derive(Debug)]
pub(super) struct Places<T> {
    items: Vec<T>,
    /// How many are in the list; those behind are left from before.
    used: usize,
}

impl<T> Places<T> {
    pub(super) fn with_capacity(items: usize) -> Self {
        Self {
            items: Vec::with_capacity(items),
            used: 0,
        }
    }

    /// How many are in the list.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.used
    }

    /// How many it has room for.
    pub(super) fn capacity(&self) -> usize {
        self.items.capacity()
    }

    /// Makes room for just so many more.
    pub(super) fn reserve_exact(&mut self, more: usize) {
        let left = self.items.len() - self.used;
        self.items.reserve_exact(more.saturating_sub(left));
    }

    /// Empties the list. What is in its items stays, until they are written over.
    pub(super) fn clear(&mut self) {
        self.used = 0;
    }
}

impl<T: Default> Places<T> {
    /// A place at the end of the list, with what was there before: all of it is to be written.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "for each event, once")]
    pub(super) fn next(&mut self) -> &mut T {
        let place = self.used;
        self.used += 1;
        if place == self.items.len() {
            self.add_place();
        }
        &mut self.items[place]
    }

    /// Makes places in memory that is new, some at a time, for the next ones will be wanted soon.
    #[cold]
    fn add_place(&mut self) {
        const AT_ONCE: usize = 16;
        let places = self.items.len();
        let free = self.items.capacity() - places;
        self.items
            .resize_with(places + free.clamp(1, AT_ONCE), T::default);
    }
}

impl<T: Copy> Places<T> {
    /// Copies items to the end of the list.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "for each event, once")]
    pub(super) fn append(&mut self, more: &[T]) {
        let end = self.used + more.len();
        match self.items.get_mut(self.used..end) {
            Some(places) => places.copy_from_slice(more),
            None => self.append_new(more),
        }
        self.used = end;
    }

    #[cold]
    fn append_new(&mut self, more: &[T]) {
        self.items.truncate(self.used);
        self.items.extend_from_slice(more);
    }
}

impl<T> Default for Places<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            used: 0,
        }
    }
}

impl<T> Deref for Places<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        &self.items[..self.used]
    }
}

impl<T> DerefMut for Places<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items[..self.used]
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn what_was_there_before_shows_only_where_it_is_to_be_written() {
        let mut list = Places::default();
        for n in [1, 2, 3] {
            *list.next() = n;
        }
        list.append(&[4, 5]);
        assert_eq!(*list, [1, 2, 3, 4, 5]);
        list.clear();
        assert!(list.is_empty());
        list.append(&[6]);
        assert_eq!(*list.next(), 2);
        list.append(&[7, 8, 9, 10]);
        assert_eq!(*list, [6, 2, 7, 8, 9, 10]);
    }
}
