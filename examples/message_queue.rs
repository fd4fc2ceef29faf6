//! Traces through a message queue: the headers of a message say which event sent it. One consumer continues the trace of each message;
//! another takes several at once, in a trace of its own that links to theirs. Offline: it sends to a local Honeycomb, and draws what
//! that got.
//!
//! ```text
//! cargo run --example message_queue
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use honey::Config;
use honey::propagation::{extract, inject};
use honey_local::Server;
use honey_local::tree::{self, TreeOptions};

const TIMEOUT: Duration = Duration::from_secs(5);
const ORDERS: u64 = 3;

/// What every queue has, under one name or another: the body, and texts by name beside it.
struct Message {
    headers: BTreeMap<String, String>,
    order: u64,
}

#[honey::event]
fn take_orders(shipping: &Sender<Message>, billing: &Sender<Message>) {
    for order in 1..=ORDERS {
        publish("shipping", shipping, order);
        publish("billing", billing, order);
    }
}

#[honey::event(fields("messaging.destination.name" = topic, order))]
fn publish(topic: &'static str, queue: &Sender<Message>, order: u64) {
    let mut headers = BTreeMap::new();
    inject(&mut headers); // the current event, `publish`, as `traceparent`
    let is_sent = queue.send(Message { headers, order }).is_ok();
    honey::current().add_field("sent", is_sent);
}

/// One message at a time: its event stands below the one that published it.
#[honey::event(parent = extract(&message.headers), fields(order = message.order))]
fn ship(message: &Message) {
    honey::current().add_field("parcels", message.order % 3 + 1);
}

/// Several at a time have several parents: a trace of its own, linked to each of theirs.
#[honey::event(root, fields("messaging.batch.message_count" = messages.len()))]
fn bill(messages: &[Message]) {
    for message in messages {
        honey::current().add_link(extract(&message.headers));
    }
    let total: u64 = messages.iter().map(|message| 10 * message.order).sum();
    honey::current().add_field("total_usd", total);
}

fn shipping(queue: &Receiver<Message>) {
    for message in queue {
        ship(&message);
    }
}

fn billing(queue: &Receiver<Message>) {
    let mut messages: Vec<_> = queue.iter().take(2).collect();
    while !messages.is_empty() {
        bill(&messages);
        messages = queue.iter().take(2).collect();
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start()?;
    let config = Config::new("our-key").api_host(server.url());
    let guard = honey::init(config.service_name("orders"))?;

    let (to_shipping, for_shipping) = channel();
    let (to_billing, for_billing) = channel();
    thread::scope(|threads| {
        threads.spawn(move || shipping(&for_shipping));
        threads.spawn(move || billing(&for_billing));
        threads.spawn(move || take_orders(&to_shipping, &to_billing));
    });
    let report = guard.close(TIMEOUT);

    let mut out = io::stdout();
    writeln!(out, "{report}")?;
    let events = server.events();
    write!(out, "{}", tree::render(&events, &TreeOptions::default()))?;
    let traces = tree::traces(&events);
    let shipped = traces.iter().find(|trace| {
        let names = trace.events.iter().filter_map(|event| event.str("name"));
        names.filter(|name| *name == "ship").count() as u64 == ORDERS
    });
    // The orders with what was shipped for them, and two bills.
    if shipped.is_none() || traces.len() != 3 {
        return Err("the orders and what was shipped are not one trace".into());
    }
    Ok(())
}
