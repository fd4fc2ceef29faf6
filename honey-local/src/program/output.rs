//! What the program says, and an event as a line of JSON.

use std::io;
use std::net::SocketAddr;

use serde_json::{Value, json};

use crate::{Event, Server};

/// How to point an application at the server.
pub(super) fn greeting(server: &Server) -> String {
    let url = server.url();
    format!(
        "honey-local listens on {url} and takes any API key, or none. To send to it, start an application with\n\n    \
         HONEYCOMB_API_ENDPOINT={url} HONEYCOMB_API_KEY=local   (honey needs no key here; other clients do)\n\nCtrl-C stops it.\n"
    )
}

/// Why there is no server.
pub(super) fn cannot_listen(addr: SocketAddr, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "port {} is in use, perhaps by another honey-local: stop that, or choose another port with --listen PORT",
            addr.port()
        ),
        _ => format!("cannot listen on {addr}: {error}"),
    }
}

/// Says when events were forgotten between the last one shown and these.
pub(super) fn lost(last_shown: u64, events: &[Event]) -> Option<String> {
    let lost = events.first()?.number.checked_sub(last_shown + 1)?;
    (lost > 0).then(|| {
        format!(
            "{lost} events were forgotten before they could be shown: raise --keep, or send fewer"
        )
    })
}

/// The event in the shape of a batch's element, with its dataset.
pub(super) fn json(event: &Event) -> Value {
    json!({
        "time": event.time_rfc3339(),
        "samplerate": event.sample_rate,
        "dataset": event.dataset.as_str(),
        "data": &*event.data,
    })
}
