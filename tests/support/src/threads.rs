//! Which of honey's threads this process has.

use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

/// Longer than any test takes on any machine: only a test that fails waits for it.
const PATIENCE: Duration = Duration::from_mins(3);

/// The ids of this process's threads whose name begins with `honey-`. Linux only: elsewhere there are none.
#[must_use]
pub fn honey_threads() -> BTreeSet<u64> {
    let Ok(tasks) = fs::read_dir("/proc/self/task") else {
        return BTreeSet::new();
    };
    tasks
        .flatten()
        .filter(|task| {
            fs::read_to_string(task.path().join("comm"))
                .is_ok_and(|name| name.starts_with("honey-"))
        })
        .filter_map(|task| task.file_name().to_str()?.parse().ok())
        .collect()
}

/// Waits until `is_so`.
///
/// # Panics
/// After three minutes, with `what` never came true.
#[track_caller]
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "never: {what}");
        thread::sleep(Duration::from_millis(1));
    }
}
