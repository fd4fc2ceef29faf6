//! What a server answers to a batch: status, body, and how many events there were (the first three bytes).
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [first, second, events, body @ ..] = data else {
        return;
    };
    let status = 100 + u16::from_le_bytes([*first, *second]) % 500;
    let events = usize::from(*events);
    assert!(honey::fuzzing::answer(status, body, events) <= events);
    assert!(honey::fuzzing::answer(200, body, events) <= events);
});
