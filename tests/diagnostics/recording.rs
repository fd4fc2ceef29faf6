//! What goes wrong with events and their fields.

use std::time::Duration;

use honey::DiagnosticKind;
use honey_test_support::{Act, Server, until};

use super::{LONG, client, config, said_about};

#[test]
fn queue_full() {
    let server = Server::new(|_| Act::Hang);
    let (client, said) = client(config(server.url()).max_pending_events(10));
    for n in 0..1_000 {
        let mut event = client.builder().new_event();
        event.add_field("n", n);
        event.send();
    }
    said.assert_once(
        DiagnosticKind::QueueFull,
        "the queue is full, so the newest events are dropped: the server is slow or away, or `max_pending_bytes` is too small; \
         `block_on_send` waits instead",
    );
    client.close(Duration::ZERO);
}

#[test]
fn events_that_cannot_be_sent() {
    let server = Server::new(Act::accept);
    let said = said_about(config(server.url()).max_event_bytes(1_000), |event| {
        for n in 0..500 {
            event.add_field(format!("number.{n}"), n);
        }
    });
    let text = "1 event(s) were not sent: over `max_event_bytes` even with their strings cut. Record fewer fields, or raise it (to \
                1,000,000 at most).";
    assert_eq!(said, [(DiagnosticKind::TooLarge, text.to_owned())]);
    let said = said_about(config(server.url()), |_| ());
    let text = "an event without fields was not sent; add at least one field before `send`";
    assert_eq!(said, [(DiagnosticKind::NoFields, text.to_owned())]);
}

#[test]
fn values_that_were_cut() {
    let server = Server::new(Act::accept);
    let said = said_about(config(server.url()), |event| {
        event.add_field("long", "x".repeat(70_000));
    });
    let text = "fields were cut or left out to fit the server's limits: \"long\"; see `meta.truncated` in the events.";
    assert_eq!(said, [(DiagnosticKind::BadData, text.to_owned())]);
}

#[test]
fn a_users_panic() {
    let server = Server::new(Act::accept);
    let said = said_about(config(server.url()), |event| {
        event.add_field("bad", honey::display(&PanicsOnPurpose));
    });
    let text = "a `Display`, `Debug`, `Serialize`, `HoneyFields` or dynamic field panicked while honey ran it: its field is marked \
                or left out";
    assert_eq!(said, [(DiagnosticKind::UserPanic, text.to_owned())]);
}

struct PanicsOnPurpose;

impl std::fmt::Display for PanicsOnPurpose {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("on purpose")
    }
}

#[test]
fn more_than_an_event_holds() {
    let (client, said) = client(config(""));
    let mut event = client.builder().new_event();
    for n in 0..10_000 {
        event.add_field(format!("number.{n}"), n);
    }
    event.send();
    said.assert_once(
        DiagnosticKind::BadData,
        "an event holds more fields or text than honey keeps (8,192 fields, 4 MiB): the newest were refused",
    );
}

#[test]
fn a_name_that_honey_sets_itself() {
    let server = Server::new(Act::accept);
    let (client, said) = client(config(server.url()));
    honey::with_client(&client, || {
        honey::start_child("request")
            .handle()
            .add_field("duration_ms", 1);
    });
    said.assert_once(
        DiagnosticKind::Renamed,
        "honey sets \"duration_ms\" itself on timed events, so the field of that name goes out as \"app.duration_ms\".",
    );
}

#[test]
fn fields_that_come_too_late() {
    let (client, said) = client(config(""));
    honey::with_client(&client, || {
        let late = honey::start_child("request").handle();
        late.add_field("late", 1);
    });
    said.assert_once(
        DiagnosticKind::LateFields,
        "a field (\"late\") was written to an event that had ended, and is lost: end the event later (await the task), or give the \
         task an event of its own (`in_child_event`)",
    );
}

#[test]
fn a_dynamic_field_that_takes_its_time() {
    let (client, said) = client(config(""));
    client.scope().add_dynamic_field("slow", || {
        std::thread::sleep(Duration::from_millis(2));
        1
    });
    // One event of 16 is timed, and one slow call may be the scheduler's doing.
    until("a word", || {
        client.builder().new_event().send();
        !said.all().is_empty()
    });
    let all = said.all();
    let [(DiagnosticKind::SlowField, text)] = &all[..] else {
        panic!("{all:?}")
    };
    // What stands between is the time it took.
    let (begin, end) = (
        "the dynamic field \"slow\" took ",
        " on the thread that began an event: let it be called rarely (`#[honey::dynamic_field(every = \"1s\")]`), or keep its value in \
         an atomic that another thread updates",
    );
    assert!(text.starts_with(begin) && text.ends_with(end), "{text}");
}

#[test]
fn a_handler_of_responses_that_panics() {
    let (client, said) = client(config("").on_response(|_| panic!("on purpose")));
    let mut event = client.builder().new_event();
    event.add_field("n", 1);
    event.send();
    assert!(client.flush(LONG));
    said.assert_once(
        DiagnosticKind::UserPanic,
        "the function given to `Config::on_response` panicked; it is called again with the next response",
    );
}
