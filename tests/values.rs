//! Values of every kind, from the field to the server: what arrives is what was meant, and what cannot is counted.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support as _;
use std::collections::BTreeMap;
use std::time::Duration;

use honey::{Client, Config, Event, Stats, json};
use honey_local::Server;
use serde::Serialize;
use serde_json::{Map, Value, json as expect};

const KEY: &str = concat!("honeykey", "4test-values");
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);

/// What a server understood of one event.
fn arrived(
    config: impl FnOnce(Config) -> Config,
    fill: impl FnOnce(&mut Event),
) -> (Map<String, Value>, Stats) {
    let server = Server::builder()
        .max_event_bytes(1_000_000)
        .start()
        .unwrap();
    let base = Config::new(KEY)
        .api_host(server.url())
        .dataset("values")
        // What is given up is sent again, and may arrive twice.
        .request_timeout(LONG)
        .silent();
    let client = Client::new(config(base)).unwrap();
    let mut event = client.builder().new_event();
    fill(&mut event);
    event.send();
    let stats = client.close(LONG).stats;
    assert!(stats.accepted == 1 && stats.is_balanced(), "{stats}");
    (Map::clone(&server.events()[0].data), stats)
}

#[derive(Serialize)]
struct Numbers {
    u8: u8,
    i8: i8,
    u64: u64,
    i64: i64,
    small_u128: u128,
    u128: u128,
    i128: i128,
    f32: f32,
    f64: f64,
    nan: f64,
    infinite: f32,
    series: [f64; 3],
}

const NUMBERS: Numbers = Numbers {
    u8: u8::MAX,
    i8: i8::MIN,
    u64: u64::MAX,
    i64: i64::MIN,
    small_u128: u64::MAX as u128,
    u128: u128::MAX,
    i128: i128::MIN,
    f32: 0.1,
    f64: 1e300,
    nan: f64::NAN,
    infinite: f32::INFINITY,
    series: [0.5, f64::NAN, 2.0],
};

/// What is to arrive of [`NUMBERS`].
fn numbers() -> Value {
    expect!({
        "u8": 255, "i8": -128, "u64": u64::MAX, "i64": i64::MIN, "small_u128": u64::MAX,
        "u128": "340282366920938463463374607431768211455",
        "i128": "-170141183460469231731687303715884105728",
        "f32": 0.1, "f64": 1e300, "series": [0.5, null, 2.0],
    })
}

#[test]
fn every_way_to_add_a_number_gives_the_same() {
    let (by_field, stats) = arrived(
        |config| config,
        |event| {
            let n = NUMBERS;
            event.add_field("u8", n.u8);
            event.add_field("i8", n.i8);
            event.add_field("u64", n.u64);
            event.add_field("i64", n.i64);
            event.add_field("small_u128", n.small_u128);
            event.add_field("u128", n.u128);
            event.add_field("i128", n.i128);
            event.add_field("f32", n.f32);
            event.add_field("f64", n.f64);
            event.add_field("nan", n.nan);
            event.add_field("infinite", n.infinite);
            event.add_field("series", json(&n.series));
        },
    );
    assert_eq!(Value::from(by_field), numbers());
    assert_eq!(stats.bad_values, 3);
    let (by_json, stats) = arrived(|config| config, |event| event.add_json(&NUMBERS));
    assert_eq!(Value::from(by_json), numbers());
    assert_eq!(stats.bad_values, 3);
    let (in_one, stats) = arrived(
        |config| config,
        |event| {
            event.add_field("all", json(&NUMBERS));
            event.add_field("left.out", json(&f64::NAN));
        },
    );
    assert_eq!(Value::from(in_one), expect!({"all": numbers()}));
    assert_eq!((stats.bad_values, stats.refused_fields), (4, 0));
}

#[test]
fn the_depth_is_as_configured_for_events_builders_and_scopes() {
    let nested = expect!({"a": {"b": {"c": {"d": 1}}}});
    for (levels, expected) in [
        (1, expect!({"a": {"b": {"c": {"d": 1}}}})),
        (2, expect!({"a.b": {"c": {"d": 1}}})),
        (9, expect!({"a.b.c.d": 1})),
    ] {
        let (data, _) = arrived(
            |config| config.flatten_depth(levels),
            |event| event.add_json(&nested),
        );
        assert_eq!(Value::from(data), expected);
    }
    let server = Server::start().unwrap();
    let config = Config::new(KEY)
        .api_host(server.url())
        .dataset("d")
        .flatten_depth(2);
    let client = Client::new(config).unwrap();
    client.scope().add_json(&expect!({"global": nested}));
    let mut builder = client.builder();
    builder.add_json(&expect!({"builder": nested}));
    builder.new_event().send();
    let root = honey::with_client(&client, || {
        let scope = honey::start_child("timed");
        let handle = scope.handle();
        std::thread::scope(|threads| {
            threads.spawn(move || handle.add_json(&expect!({"elsewhere": nested})));
        });
        scope
    });
    drop(root);
    client.close(LONG);
    let deeper = expect!({"b": {"c": {"d": 1}}});
    for event in server.events() {
        assert_eq!(event.data["global.a"], deeper);
        let own = if event.name().is_some() {
            "elsewhere.a"
        } else {
            "builder.a"
        };
        assert_eq!(event.data[own], deeper, "{:?}", event.data);
    }
}

#[test]
fn strings_of_any_content_and_length() {
    let every_char: String = (0..0x2100_u32).filter_map(char::from_u32).collect();
    let long = "é".repeat(60_000);
    let (data, stats) = arrived(
        |config| config.max_event_bytes(1_000_000),
        |event| {
            event.add_field("every", every_char.as_str());
            event.add_field(every_char.clone(), "key");
            event.add_json(&expect!({"nested": {"every": every_char, "list": [every_char]}}));
            event.add_field("long", long.as_str());
        },
    );
    assert_eq!(data["every"], *every_char);
    assert_eq!(data[&every_char], "key");
    assert_eq!(data["nested.every"], *every_char);
    assert_eq!(data["nested.list"], expect!([every_char]));
    let cut = data["long"].as_str().unwrap();
    assert!(
        long.starts_with(cut) && cut.len() == 65_534,
        "{}",
        cut.len()
    );
    assert_eq!(data["meta.truncated"], "long");
    assert_eq!(stats.truncated, 1);
}

#[test]
fn thousands_of_fields_are_cut_to_what_the_server_takes() {
    let many: BTreeMap<String, u32> = (0..5_000).map(|n| (format!("k{n:04}"), n)).collect();
    for by_json in [false, true] {
        let (data, stats) = arrived(
            |config| config,
            |event| {
                if by_json {
                    event.add_json(&many);
                } else {
                    event.add(&many);
                }
            },
        );
        assert!((1_900..=2_000).contains(&data.len()), "{}", data.len());
        let marker = data["meta.truncated"].as_str().unwrap();
        assert!(marker.contains("more"), "{marker}");
        assert_eq!(stats.truncated, 1);
    }
}

#[test]
fn timed_events_without_trace_fields() {
    let server = Server::start().unwrap();
    let config = Config::new(KEY)
        .api_host(server.url())
        .dataset("d")
        .request_timeout(LONG)
        .trace_fields(false);
    let client = Client::new(config).unwrap();
    honey::with_client(&client, || {
        let _outer = honey::start_child("outer");
        honey::current().add_span_event("span event", &BTreeMap::from([("a", 1)]));
        honey::in_child_event("inner", || ());
    });
    client.close(LONG);
    let events = server.events();
    assert_eq!(events.len(), 3);
    for event in events {
        assert!(event.name().is_some());
        let ids = [
            "trace.trace_id",
            "trace.span_id",
            "trace.parent_id",
            "meta.signal_type",
        ];
        assert!(
            ids.iter().all(|id| !event.data.contains_key(*id)),
            "{:?}",
            event.data
        );
    }
}
