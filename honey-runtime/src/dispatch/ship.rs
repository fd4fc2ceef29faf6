//! The seam itself: what the record side may ask of the ship side.

use std::time::Instant;

#[cfg(feature = "http")]
use super::{Call, CallResult, Cause, Promise, Silence};
use crate::record::Chunk;
use crate::stats::Stats;

/// The ship side as the record side sees it. Nothing here panics; only what takes a deadline waits.
pub(crate) trait Ship: Send + Sync {
    /// Takes over the events of a chunk, collected under `epoch`. Called under the collector lock, so it only stores.
    fn accept(&self, chunk: Chunk, epoch: u64);

    /// Much has gathered, or somebody was refused: collect now. Sends a token, never waits; a lost token is harmless. Called outside
    /// all locks.
    fn wake(&self);

    /// Somebody waits: send what is there now, however little. Called outside all locks.
    fn hurry(&self);

    /// No event comes any more: what is held back until others come is decided now. Called outside all locks.
    fn end_holding(&self) {}

    /// Waits until every event of `epoch` or older has its outcome, but for what is held back. False: the deadline came first.
    fn wait_settled(&self, epoch: u64, deadline: Instant) -> bool;

    /// Adds the ship side's counts, and the events it holds as `pending`, to `stats`. Called under the collector lock.
    fn tally(&self, stats: &mut Stats);

    /// Makes a request that brings no events. The promise is kept by the call's timeout, or broken when the ship side ends.
    #[cfg(feature = "http")]
    fn call(&self, call: Call, promise: Promise<CallResult>) {
        let _ = call;
        promise.keep(Err(Silence::new(Cause::NotHttp, "")));
    }

    /// Gives every event still held the outcome `CloseDeadline`, stops the threads. Nothing is pending afterwards.
    /// Returns by `deadline`, with or without the threads' end.
    fn shut_down(&self, deadline: Instant);
}

/// The record side as the ship side sees it: where to fetch events from.
pub(crate) trait Source: Send + Sync {
    /// Collects what every thread has, into [`Ship::accept`]; also looks after clocks and threads that are gone.
    fn sweep(&self);

    /// Collects the chunks that are full: the answer to a wake token. What threads have begun stays with them.
    fn collect_full(&self);

    /// Says when the next sweep is due (ns of the process's monotonic clock), so that callers notice when it is long overdue.
    fn announce(&self, next_sweep_ns: u64);
}
