//! What works, but perhaps not as it is meant.

use std::time::Duration;

use honey::{Config, DiagnosticKind};

use super::{KEY, client, config};

#[test]
fn events_that_nobody_will_find() {
    let (client, said) = client(Config::new(KEY).api_host("https://nowhere.invalid"));
    said.assert_once(
        DiagnosticKind::Misuse,
        "neither a dataset nor a service name is set: events go to the dataset `unknown_dataset`. Call `.service_name(\"…\")` or \
         set OTEL_SERVICE_NAME",
    );
    client.close(Duration::ZERO);
}

#[test]
fn a_key_in_clear_text() {
    let (_client, said) = client(config("http://nowhere.invalid"));
    said.assert_once(
        DiagnosticKind::Misuse,
        "`api_host` is `http://` to another machine: the key travels unencrypted; use `https://`",
    );
}

#[test]
fn a_dynamic_field_left_out_that_is_not_there() {
    let (_client, said) = client(
        config("")
            .dynamic_fields(true)
            .without_dynamic_field("process.thread"),
    );
    said.assert_once(
        DiagnosticKind::Misuse,
        "`without_dynamic_field(\"process.thread\")` leaves out nothing: no dynamic field of this name is linked; \
         `honey::dynamic_fields()` lists them",
    );
}

#[honey::dynamic_field(name = "twice")]
fn once() -> u32 {
    1
}

#[honey::dynamic_field(name = "twice")]
fn once_more() -> u32 {
    2
}

#[test]
fn a_dynamic_field_that_is_registered_twice() {
    let (_client, said) = client(config("").dynamic_fields(true));
    said.assert_once(
        DiagnosticKind::Misuse,
        "the dynamic field `twice` is registered more than once; the first by module counts",
    );
}

#[test]
fn responses_for_a_reader_when_there_is_a_handler() {
    let (client, said) = client(config("").on_response(drop));
    assert!(client.responses().next().is_none());
    said.assert_once(
        DiagnosticKind::Misuse,
        "`responses()` stays empty: `Config::on_response` gets all responses of this client; use one of them",
    );
}
