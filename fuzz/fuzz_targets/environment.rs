//! `OTEL_RESOURCE_ATTRIBUTES` and `HONEY_FILTER`.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// As a careful user would write it.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fuzz_target!(|list: &str| {
    let _ = honey::fuzzing::filter(list);
    let Some(attributes) = honey::fuzzing::attributes(list) else {
        return;
    };
    let again: Vec<_> = attributes
        .iter()
        .map(|(key, value)| format!("{}={}", encoded(key), encoded(value)))
        .collect();
    assert_eq!(
        honey::fuzzing::attributes(&again.join(",")),
        Some(attributes)
    );
});
