//! What is true of every event of the program, by OpenTelemetry's names for resources.

use std::env;
use std::fs;

use crate::config::{Config, Service};
use crate::fields::FieldSink;
use crate::process::PID_FIELD;
use crate::value::Value;

/// Adds those that are wanted, known, and not among the environment's attributes.
pub(super) fn put(config: &Config, out: &mut FieldSink<'_>) {
    let is_missing = |key: &str| {
        config.wants_default(key) && config.attributes.iter().all(|(known, _)| known != key)
    };
    let version = config.service.as_ref().map_or("", Service::version);
    if is_missing("service.version") && !version.is_empty() {
        out.put("service.version", Value::Str(version));
    }
    if is_missing("host.name") {
        if let Some(name) = host_name() {
            out.put("host.name", Value::Str(&name));
        }
    }
    if is_missing(PID_FIELD) {
        out.put(PID_FIELD, Value::U64(std::process::id().into()));
    }
    for (key, value) in [
        ("telemetry.sdk.name", "honey"),
        ("telemetry.sdk.language", "rust"),
        ("telemetry.sdk.version", env!("CARGO_PKG_VERSION")),
    ] {
        if is_missing(key) {
            out.put(key, Value::Str(value));
        }
    }
}

/// The machine's name as far as it can be known without a system call of our own.
fn host_name() -> Option<String> {
    let read = |path| fs::read_to_string(path).ok();
    let names = [
        read("/proc/sys/kernel/hostname"),
        read("/etc/hostname"),
        env::var("HOSTNAME").ok(),
        env::var("COMPUTERNAME").ok(),
    ];
    let mut names = names
        .into_iter()
        .flatten()
        .map(|name| name.trim().to_owned());
    names.find(|name| !name.is_empty())
}
