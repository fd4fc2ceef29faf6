//! The same program before and after: with `#[tracing::instrument]`, by way of the bridge, and with `#[honey::event]`. Both run, and
//! both make the same trace. `docs/from-tracing.md` says what the differences are about. Offline.
//!
//! ```text
//! cargo run --example from_tracing
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};

use honey::testing::{Captured, capture};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// As it was.
mod before {
    use tracing::field::Empty;
    use tracing::{Span, info, info_span, instrument};

    #[instrument(name = "checkout", skip_all, fields(user_id, order.total_usd = Empty), err)]
    pub(crate) fn checkout(user_id: u64, items: &[(&str, f64)]) -> Result<f64, String> {
        Span::current().record("user_id", user_id);
        let total = info_span!("sum up", items = items.len()).in_scope(|| sum(items));
        // What is to be recorded later must be declared above: `Empty`.
        Span::current().record("order.total_usd", total);
        charge(user_id, total)?;
        info!(method = "card", "charged");
        Ok(total)
    }

    #[instrument(skip(amount), err)]
    fn charge(user_id: u64, amount: f64) -> Result<(), String> {
        if user_id == 13 {
            return Err(format!("the card of user {user_id} was refused"));
        }
        Span::current().record("amount", amount); // declared nowhere: lost
        Ok(())
    }

    fn sum(items: &[(&str, f64)]) -> f64 {
        items.iter().map(|(_, price)| price).sum()
    }
}

/// As it is.
mod after {
    #[honey::event(fields(user_id), err)]
    pub(crate) fn checkout(user_id: u64, items: &[(&str, f64)]) -> Result<f64, String> {
        let total = {
            let scope = honey::start_child("sum up");
            scope.handle().add_field("items", items.len());
            sum(items)
        };
        // Any field, at any time.
        honey::current().add_field("order.total_usd", total);
        charge(user_id, total)?;
        // No event of its own for what is a fact about the checkout.
        honey::current().add_field("method", "card");
        Ok(total)
    }

    #[honey::event(fields(user_id), err)]
    fn charge(user_id: u64, amount: f64) -> Result<(), String> {
        if user_id == 13 {
            return Err(format!("the card of user {user_id} was refused"));
        }
        honey::current().add_field("amount", amount);
        Ok(())
    }

    fn sum(items: &[(&str, f64)]) -> f64 {
        items.iter().map(|(_, price)| price).sum()
    }
}

const ITEMS: [(&str, f64); 2] = [("tea", 9.5), ("honey", 7.25)];
/// What says when and where, and which trace it was.
const VARYING: [&str; 9] = [
    "duration_ms",
    "trace.trace_id",
    "trace.span_id",
    "trace.parent_id",
    "meta.signal_type",
    "target",
    "code.file.path",
    "code.line.number",
    "name",
];

fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::registry()
        .with(honey::tracing::layer())
        .try_init()?;
    let before = capture(|| {
        let _ = (before::checkout(7, &ITEMS), before::checkout(13, &ITEMS));
    });
    let after = capture(|| {
        let _ = (after::checkout(7, &ITEMS), after::checkout(13, &ITEMS));
    });
    show(
        "before: tracing, by way of honey::tracing::layer()",
        &before,
    )?;
    show("after: honey", &after)?;
    assert_eq!(outcomes(&before), outcomes(&after));
    Ok(())
}

/// The spans, in the order they ended: name, parent's name, outcome.
fn outcomes(captured: &Captured) -> Vec<String> {
    let text = |event: &honey::testing::CapturedEvent, key: &str| {
        event
            .field(key)
            .and_then(|value| value.as_str())
            .unwrap_or("-")
            .to_owned()
    };
    let spans = || {
        let events = captured.events().iter();
        events.filter(|event| event.field("trace.span_id").is_some())
    };
    let names: BTreeMap<String, String> = spans()
        .map(|event| (text(event, "trace.span_id"), text(event, "name")))
        .collect();
    spans()
        .map(|event| {
            let parent = names.get(&text(event, "trace.parent_id"));
            let outcome = text(event, "outcome");
            format!("{} < {parent:?}: {outcome}", text(event, "name"))
        })
        .collect()
}

fn show(title: &str, captured: &Captured) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{title}")?;
    for event in captured.events() {
        let kind = if event.field("trace.span_id").is_some() {
            ""
        } else {
            " (a span event)"
        };
        write!(out, "  {}{kind}:", event.name().unwrap_or("-"))?;
        for (key, value) in event.data() {
            if !VARYING.contains(&key.as_str()) {
                write!(out, " {key}={value}")?;
            }
        }
        writeln!(out)?;
    }
    writeln!(out)
}
