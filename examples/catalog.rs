//! What a program can emit, known before it runs: each annotated function with its fields, their types, and the first line of its
//! documentation. As Markdown, for a page that people read; with `--json` for `honey-local catalog` and for comparing two releases.
//!
//! ```text
//! cargo run --example catalog --features catalog
//! cargo run --example catalog --features catalog -- --json > catalog.json
//! cargo run -p honey-local -- catalog catalog.json
//! ```

use std::io::{self, Write as _};

use honey::HoneyFields;

#[derive(HoneyFields)]
#[honey(prefix = "order.")]
struct Order {
    id: u64,
}

/// Takes an order: the event of the whole request.
#[honey::event(name = "POST /checkout", fields(user_id, client.name = client, ..order), err)]
fn checkout(user_id: u64, client: &str, order: &Order) -> Result<f64, String> {
    charge(order.id, None)?;
    Ok(price(client.len()))
}

/// Charges a card; `tries` is missing at the first one.
#[honey::event(fields(order_id, tries), err)]
fn charge(order_id: u64, tries: Option<u32>) -> Result<(), String> {
    if order_id == 0 {
        return Err(format!("no such order, after {tries:?} tries"));
    }
    Ok(())
}

/// Called so often that its calls become four fields of the event around it.
#[honey::event(rollup)]
fn price(of: usize) -> f64 {
    f64::from(u8::try_from(of).unwrap_or(u8::MAX))
}

fn main() -> io::Result<()> {
    // Not initialised: nothing is sent, and the catalogue is the same.
    let _ = checkout(7, "web", &Order { id: 1 });
    let catalog = honey::catalog();
    let mut out = io::stdout().lock();
    if std::env::args().any(|argument| argument == "--json") {
        writeln!(out, "{}", catalog.to_json())
    } else {
        write!(out, "{catalog}")
    }
}
