//! A request's body: the JSON of a batch, and where in it each event is.

use crate::sync::Arc;

/// Where one event's JSON is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sender) struct Piece {
    start: u32,
    end: u32,
}

/// The JSON array of a batch's events. A part of the batch needs no second encoding: its body is put together from slices.
#[derive(Debug, Default)]
pub(in crate::sender) struct Body {
    /// Shared with the request that it is sent by.
    json: Arc<Vec<u8>>,
    pieces: Vec<Piece>,
}

/// A body that is being written.
#[derive(Debug, Default)]
pub(in crate::sender) struct Draft {
    json: Vec<u8>,
    pieces: Vec<Piece>,
}

impl Draft {
    /// Makes room for about so much, so that it need not grow piece by piece.
    pub(in crate::sender) fn reserve(&mut self, bytes: usize, events: usize) {
        self.json.reserve(bytes);
        self.pieces.reserve(events);
    }

    /// Appends one event as `write` writes it; nothing when it fails.
    pub(in crate::sender) fn push<E>(
        &mut self,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let before = self.json.len();
        self.json
            .push(if self.pieces.is_empty() { b'[' } else { b',' });
        let start = self.json.len();
        if let Err(error) = write(&mut self.json) {
            self.json.truncate(before);
            return Err(error);
        }
        self.pieces.push(Piece {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(self.json.len()).unwrap_or(u32::MAX),
        });
        Ok(())
    }

    /// Ends the array.
    pub(in crate::sender) fn finish(mut self) -> Body {
        if !self.pieces.is_empty() {
            self.json.push(b']');
        }
        Body {
            json: Arc::new(self.json),
            pieces: self.pieces,
        }
    }

    /// Bytes so far, before compression.
    pub(in crate::sender) fn bytes(&self) -> usize {
        self.json.len()
    }

    /// Bytes held, used or not.
    pub(in crate::sender) fn capacity_bytes(&self) -> usize {
        capacity_bytes(&self.json, &self.pieces)
    }
}

impl Body {
    /// Its memory, to write the next one in; none while a request still holds it.
    pub(in crate::sender) fn into_draft(self) -> Option<Draft> {
        let Self { json, mut pieces } = self;
        let mut json = Arc::into_inner(json)?;
        json.clear();
        pieces.clear();
        Some(Draft { json, pieces })
    }

    /// The whole array, to be sent without a copy.
    #[cfg(feature = "http")]
    pub(in crate::sender) fn shared_json(&self) -> Arc<Vec<u8>> {
        Arc::clone(&self.json)
    }

    #[cfg(test)]
    pub(in crate::sender) fn json(&self) -> &[u8] {
        &self.json
    }

    /// How many events are in it.
    pub(in crate::sender) fn len(&self) -> usize {
        self.pieces.len()
    }

    pub(in crate::sender) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Bytes so far, before compression.
    pub(in crate::sender) fn bytes(&self) -> usize {
        self.json.len()
    }

    /// Bytes held, used or not.
    pub(in crate::sender) fn capacity_bytes(&self) -> usize {
        capacity_bytes(&self.json, &self.pieces)
    }

    /// The JSON of one event.
    pub(in crate::sender) fn piece(&self, place: usize) -> &[u8] {
        self.pieces.get(place).map_or(&[], |piece| {
            self.json
                .get(piece.start as usize..piece.end as usize)
                .unwrap_or(&[])
        })
    }

    /// The body of some of the events, in the same order.
    pub(in crate::sender) fn select(&self, mut keep: impl FnMut(usize) -> bool) -> Body {
        let mut part = Draft::default();
        for place in (0..self.len()).filter(|place| keep(*place)) {
            let copied: Result<(), std::convert::Infallible> = part.push(|json| {
                json.extend_from_slice(self.piece(place));
                Ok(())
            });
            let Ok(()) = copied;
        }
        part.finish()
    }
}

fn capacity_bytes(json: &Vec<u8>, pieces: &Vec<Piece>) -> usize {
    json.capacity() + pieces.capacity() * size_of::<Piece>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(events: &[&str]) -> Body {
        let mut body = Draft::default();
        for event in events {
            let pushed = body.push(|json| {
                json.extend_from_slice(event.as_bytes());
                if event.is_empty() { Err(()) } else { Ok(()) }
            });
            assert_eq!(pushed.is_err(), event.is_empty());
        }
        body.finish()
    }

    #[test]
    fn its_memory_is_used_again_once_nobody_sends_it() {
        let made = body(&["{1}"]);
        #[cfg(feature = "http")]
        {
            let sent = made.shared_json();
            assert!(body(&["{1}"]).into_draft().is_some());
            assert_eq!(sent.as_slice(), b"[{1}]");
            assert!(made.into_draft().is_none());
        }
        #[cfg(not(feature = "http"))]
        assert!(made.into_draft().is_some());
    }

    #[test]
    fn an_event_that_fails_leaves_no_trace() {
        assert_eq!(body(&["", "{1}", "", "{2}"]).json(), b"[{1},{2}]");
        assert_eq!(body(&[""]).json(), b"");
    }

    #[test]
    fn a_part_is_made_of_slices() {
        let whole = body(&["{1}", "{22}", "{3}"]);
        assert_eq!(whole.select(|place| place != 1).json(), b"[{1},{3}]");
        assert_eq!(whole.select(|place| place == 1).json(), b"[{22}]");
        assert!(whole.select(|_| false).is_empty());
    }
}
