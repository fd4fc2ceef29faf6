//! What the work costs at the least, written by hand: two readings of the clock and a typed record of the fields in memory that is used
//! again. No ids, no scope, no thread to hand anything to, no accounting.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Events before the memory is used again.
const ROUND: usize = 64;

/// A typed value.
#[derive(Clone, Copy)]
#[expect(dead_code, reason = "written, as honey's are, and read by nobody")]
pub(crate) enum Value {
    Bool(bool),
    U64(u64),
    F64(f64),
    /// Where it begins in the text, and how long it is.
    Text(u32, u32),
}

/// Records, used again after [`ROUND`] events.
#[derive(Default)]
pub(crate) struct Floor {
    events: Vec<(Instant, Instant, usize)>,
    fields: Vec<(&'static str, Value)>,
    text: String,
    total: Duration,
}

impl Floor {
    #[inline]
    fn put(&mut self, key: &'static str, value: Value) {
        self.fields.push((key, value));
    }

    #[inline]
    fn put_text(&mut self, key: &'static str, text: &str) {
        let start = u32::try_from(self.text.len()).unwrap_or(0);
        let len = u32::try_from(text.len()).unwrap_or(0);
        self.text.push_str(text);
        self.put(key, Value::Text(start, len));
    }

    #[inline]
    fn end(&mut self, started: Instant, ended: Instant) {
        self.events.push((started, ended, self.fields.len()));
        if self.events.len() == ROUND {
            black_box((&self.events, &self.fields, &self.text));
            self.events.clear();
            self.fields.clear();
            self.text.clear();
        }
    }

    #[inline(never)]
    pub(crate) fn no_fields(&mut self, user_id: u64, plan: &str) -> u64 {
        let started = Instant::now();
        let result = black_box(user_id + plan.len() as u64);
        self.end(started, Instant::now());
        result
    }

    #[inline(never)]
    pub(crate) fn five_fields(&mut self, user_id: u64, plan: &str) -> u64 {
        let started = Instant::now();
        self.put("user_id", Value::U64(user_id));
        self.put_text("plan", plan);
        self.put("cart.cached", Value::Bool(true));
        self.put("cart.total_usd", Value::F64(black_box(99.95)));
        self.put_text("cart.currency", black_box("EUR"));
        let result = black_box(user_id + plan.len() as u64);
        self.end(started, Instant::now());
        result
    }

    /// Three records, each around the next.
    #[inline(never)]
    pub(crate) fn nested(&mut self, user_id: u64, plan: &str) -> u64 {
        let (first, second) = (Instant::now(), Instant::now());
        let result = self.no_fields(user_id, plan);
        self.end(second, Instant::now());
        self.end(first, Instant::now());
        result
    }

    /// Two more fields, of functions that are called for them.
    #[inline(never)]
    pub(crate) fn two_more_fields(
        &mut self,
        user_id: u64,
        plan: &str,
        threads: fn() -> u64,
        load: fn() -> f64,
    ) -> u64 {
        self.put("process.threads", Value::U64(black_box(threads)()));
        self.put("process.load", Value::F64(black_box(load)()));
        self.five_fields(user_id, plan)
    }

    /// Two readings of the clock, and their difference added to a sum.
    #[inline(never)]
    pub(crate) fn rollup(&mut self, user_id: u64, plan: &str) -> u64 {
        let started = Instant::now();
        let result = black_box(user_id + plan.len() as u64);
        self.total += started.elapsed();
        result
    }

    /// One reading of the clock, as an event by hand has.
    #[inline(never)]
    pub(crate) fn manual(&mut self, user_id: u64, plan: &str) {
        let now = Instant::now();
        self.put("user_id", Value::U64(user_id));
        self.put_text("plan", plan);
        self.put("cart.cached", Value::Bool(true));
        self.put("cart.total_usd", Value::F64(black_box(99.95)));
        self.put_text("cart.currency", black_box("EUR"));
        self.end(now, now);
    }

    #[inline(never)]
    pub(crate) fn twenty_fields(&mut self, user_id: u64) -> u64 {
        let started = Instant::now();
        for key in crate::cases::KEYS {
            self.put(key, Value::U64(user_id));
        }
        self.end(started, Instant::now());
        user_id
    }

    #[inline(never)]
    pub(crate) fn five_strings(&mut self, texts: [&str; 5]) -> usize {
        let started = Instant::now();
        for (key, text) in ["a", "b", "c", "d", "e"].into_iter().zip(texts) {
            self.put_text(key, text);
        }
        self.end(started, Instant::now());
        texts.len()
    }
}
