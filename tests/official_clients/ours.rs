//! honey-runtime as one client among the others.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use honey::{Client, Config, Event};
use honey_local::Server;
use serde_json::Value;

use crate::sent::{KEY, Sent};

/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(2);

/// Sends these events, and waits until each has its outcome.
pub(crate) fn send(server: &Server, events: &[Sent]) {
    let config = Config::new(KEY)
        .api_host(server.url())
        // What is given up is sent again, and may arrive twice.
        .request_timeout(LONG)
        .silent();
    let client = Client::new(config).unwrap();
    let builder = client.builder();
    for sent in events {
        let mut event = builder.new_event();
        event.set_dataset(sent.dataset.clone());
        event.set_sample_rate(sent.rate);
        event.set_timestamp(time(sent.time_ns));
        for (name, value) in &sent.fields {
            add(&mut event, name, value);
        }
        event.send_presampled();
    }
    let report = client.close(LONG);
    assert!(report.stats.is_balanced(), "{report}");
    assert_eq!(report.stats.accepted, events.len() as u64, "{report}");
}

fn add(event: &mut Event, name: &str, value: &Value) {
    let name = name.to_owned();
    match value {
        Value::Bool(yes) => event.add_field(name, *yes),
        Value::String(text) => event.add_field(name, text.as_str()),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => event.add_field(name, number),
            (_, Some(number)) => event.add_field(name, number),
            _ => event.add_field(name, number.as_f64().unwrap()),
        },
        nested => event.add_field(name, honey::json(nested)),
    }
}

fn time(unix_ns: i64) -> SystemTime {
    let distance = Duration::from_nanos(unix_ns.unsigned_abs());
    if unix_ns < 0 {
        UNIX_EPOCH - distance
    } else {
        UNIX_EPOCH + distance
    }
}
