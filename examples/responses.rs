//! What became of each event: metadata in, responses out. Offline: a local Honeycomb takes some events and refuses others.
//!
//! ```text
//! cargo run --example responses
//! ```

use std::error::Error;
use std::io::{self, Write};
use std::sync::mpsc;
use std::time::Duration;

use honey::{Client, Config, Outcome, Response};
use honey_local::{Answer, Server};

const TIMEOUT: Duration = Duration::from_secs(5);

/// Any type can be metadata: it is not sent, only handed back.
struct Order {
    number: u32,
    attempt: u32,
}

fn report(response: &Response) -> String {
    let order = response.metadata::<Order>("order");
    let order = order.map_or_else(String::new, |order| {
        format!("order {}, attempt {}: ", order.number, order.attempt)
    });
    match response.outcome {
        Outcome::Accepted => format!("{order}accepted with {:?}", response.status),
        // Sampled out is no error.
        Outcome::SampledOut => format!("{order}left out by sampling"),
        // The server's text if it answered, else what went wrong.
        outcome => {
            let why = response.body.as_ref().or(response.error.as_ref());
            format!("{order}{outcome:?} {}", why.map_or("", String::as_str))
        }
    }
}

fn send(client: &Client, order: Order, sample_rate: u32) {
    let mut event = client.builder().new_event();
    event.add_field("order", order.number);
    event.add_metadata("order", order);
    event.set_sample_rate(sample_rate);
    event.send();
}

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start()?;
    let config = || {
        Config::new("any-key")
            .api_host(server.url())
            .dataset("orders")
            .silent()
    };
    let mut out = io::stdout();

    writeln!(out, "read from a queue, when there is time for it:")?;
    let client = Client::new(config())?;
    let responses = client.responses();
    send(
        &client,
        Order {
            number: 1,
            attempt: 1,
        },
        1,
    );
    send(
        &client,
        Order {
            number: 2,
            attempt: 1,
        },
        u32::MAX,
    );
    drop(client.builder().new_event());
    let settled = client.flush(TIMEOUT);
    for response in responses {
        writeln!(out, "  {}", report(&response))?;
    }
    writeln!(out, "  all have their outcome: {settled}")?;
    client.close(TIMEOUT);

    writeln!(out, "called with each, on a thread of honey's own:")?;
    let refusal = r#"[{"status":400,"error":"Event has too many columns."}]"#;
    server.respond_next(1, Answer::new(200).body(refusal));
    let (sender, heard) = mpsc::channel();
    let client = Client::new(config().on_response(move |response| {
        let _ = sender.send(report(&response));
    }))?;
    send(
        &client,
        Order {
            number: 3,
            attempt: 1,
        },
        1,
    );
    // Closing waits until the function was called for each.
    let report = client.close(TIMEOUT);
    for line in heard {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "  {report}")?;
    Ok(())
}
