//! The header `Retry-After`.
#![no_main]

use std::time::{Duration, SystemTime};

use libfuzzer_sys::fuzz_target;

/// No later date can be written: the year has four digits.
const LONGEST_SECONDS: f64 = 10_000.0 * 366.0 * 86_400.0;

fuzz_target!(|value: &str| {
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    if let Some(seconds) = honey::fuzzing::retry_after(value, now) {
        assert!((0.0..LONGEST_SECONDS).contains(&seconds), "{seconds}");
    }
});
