//! Tests of what has a time of its own, on a machine that may stand still.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// So often `test` is run at most.
const TRIES: u32 = 5;
/// Between two looks at the clock.
const LOOK_INTERVAL: Duration = Duration::from_millis(10);

/// Runs `test`. Once more, if it failed and the machine stood still meanwhile, for as long as `stall`: then it is no proof. At all other
/// times its failure is this one's.
pub fn unless_it_stands_still<T>(stall: Duration, test: impl Fn() -> T) -> T {
    for _ in 1..TRIES {
        let (outcome, longest_stall) = watched(|| catch_unwind(AssertUnwindSafe(&test)));
        match outcome {
            Ok(value) => return value,
            Err(_) if longest_stall >= stall => {}
            Err(failure) => resume_unwind(failure),
        }
    }
    test()
}

/// How long nothing went on here, at most, while `work` did.
fn watched<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let (is_over, over) = mpsc::channel::<()>();
    let watch = thread::spawn(move || {
        let mut longest = Duration::ZERO;
        loop {
            let began = Instant::now();
            let look = over.recv_timeout(LOOK_INTERVAL);
            longest = longest.max(began.elapsed().saturating_sub(LOOK_INTERVAL));
            if look != Err(mpsc::RecvTimeoutError::Timeout) {
                return longest;
            }
        }
    });
    let done = work();
    drop(is_over);
    (done, watch.join().unwrap_or_default())
}
