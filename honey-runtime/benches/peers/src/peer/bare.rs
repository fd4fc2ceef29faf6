//! Nothing, and the floor: the least that any peer could do.

use std::hint::black_box;
use std::time::Instant;

use super::{Caller, Delivered, Peer};
use crate::work::{Input, work};

/// The function without instrumentation.
#[derive(Clone, Copy)]
pub(crate) struct Bare;

impl Peer for Bare {
    type Caller = Self;

    fn caller(&self) -> Self {
        *self
    }

    fn drain(&mut self, _: u64) {}

    fn delivered(&self) -> Delivered {
        Delivered::Nothing
    }
}

impl Caller for Bare {
    fn call(&mut self, input: Input) {
        black_box(work(input.user_id, input.label));
    }
}

/// Two readings of the clock, and a typed record of the fields appended to a buffer that is used again.
#[derive(Clone, Default)]
pub(crate) struct Floor {
    fields: Vec<(&'static str, Scalar)>,
    text: String,
}

#[derive(Clone, Copy)]
#[expect(dead_code, reason = "a record is written, and never read")]
enum Scalar {
    U64(u64),
    F64(f64),
    Bool(bool),
    Text { start: usize, end: usize },
    Nanoseconds(u128),
}

/// Where the buffer begins anew: within the first-level cache.
const MOST_FIELDS: usize = 512;

impl Floor {
    fn push_text(&mut self, key: &'static str, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        self.fields.push((key, Scalar::Text { start, end }));
    }
}

impl Peer for Floor {
    type Caller = Self;

    fn caller(&self) -> Self {
        self.clone()
    }

    fn drain(&mut self, _: u64) {}

    fn delivered(&self) -> Delivered {
        Delivered::Nothing
    }
}

impl Caller for Floor {
    fn call(&mut self, input: Input) {
        if self.fields.len() > MOST_FIELDS {
            black_box(&self.fields);
            self.fields.clear();
            self.text.clear();
        }
        let began = Instant::now();
        self.fields.push(("user_id", Scalar::U64(input.user_id)));
        self.push_text("label", input.label);
        let found = work(input.user_id, input.label);
        self.fields
            .push(("cache.hit", Scalar::Bool(found.cache_hit)));
        self.fields.push(("total", Scalar::F64(found.total)));
        self.push_text("tier", found.tier);
        self.fields
            .push(("duration", Scalar::Nanoseconds(began.elapsed().as_nanos())));
    }
}
