//! Testing what your code emits: the tests below are those of a small shop. No server, no global, no waiting, any number at once.
//!
//! ```text
//! cargo test --example testing
//! cargo run --example testing    # prints the tree that one of the tests compares
//! ```
//!
//! In your own crate it takes honey's feature `testing` in `[dev-dependencies]`.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::thread;

use honey::FutureExt as _;

/// Everything costs the same here.
const PRICE_USD: f64 = 4.5;

#[derive(Debug)]
struct Declined;

impl fmt::Display for Declined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the card was declined")
    }
}

impl Error for Declined {}

#[honey::event(name = "checkout", fields(user_id, cart.items = items.len()), err)]
fn checkout(user_id: u64, items: &[&str]) -> Result<f64, Declined> {
    let total: f64 = items.iter().map(|_| PRICE_USD).sum();
    honey::current().add_field("cart.total_usd", total);
    // A thread belongs to the event when it is told so.
    let event = honey::current();
    thread::scope(|threads| {
        for item in items {
            threads.spawn(move || honey::scope(event, || reserve(item)));
        }
    });
    charge(total)
}

#[honey::event(fields(item))]
fn reserve(item: &str) {}

#[honey::event(fields(amount_usd), err)]
fn charge(amount_usd: f64) -> Result<f64, Declined> {
    if amount_usd > 10.0 {
        return Err(Declined);
    }
    Ok(amount_usd)
}

#[honey::event]
async fn send_receipt(user_id: u64) {
    // So does a task.
    let written = async move { honey::root().add_field("receipt.to", user_id) };
    let _ = tokio::spawn(written.in_current_event()).await;
}

fn main() -> io::Result<()> {
    let mut out = io::stdout();
    let captured = honey::testing::capture(|| checkout(7, &["tea", "cup"]));
    writeln!(out, "{}", captured.tree())?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let captured = runtime.block_on(honey::testing::capture_async(send_receipt(7)));
    writeln!(out, "{}", captured.tree())
}

#[cfg(test)]
mod tests {
    use super::*;
    use honey::testing::{capture, capture_async};

    #[test]
    fn an_event_has_the_fields_that_the_dashboard_needs() {
        let captured = capture(|| checkout(7, &["tea", "cup"]));
        honey::assert_event!(captured, "checkout", {
            "user_id": 7,
            "cart.items": 2,
            "cart.total_usd": 9.0,
            "outcome": "ok",
            "duration_ms": _,           // there, whatever it is
            "error": None::<bool>,      // not there
        });
        assert!(captured.returned().is_ok());
    }

    #[test]
    fn a_declined_card_is_an_error_of_both() {
        let captured = capture(|| checkout(7, &["tea", "cup", "pot"]));
        assert_eq!(captured.events().with("error", true).len(), 2);
        let checkout = captured.events().named("checkout").one();
        assert_eq!(checkout.str("error.message"), Some("the card was declined"));
        let charge = captured.events().child_of(checkout).named("charge").one();
        assert_eq!(charge.f64("amount_usd"), Some(13.5));
    }

    #[test]
    fn each_item_is_reserved_once_below_the_checkout() {
        let captured = capture(|| checkout(7, &["tea", "cup"]));
        let checkout = captured.events().roots().one();
        let reserved = captured.events().child_of(checkout).named("reserve");
        for item in ["tea", "cup"] {
            reserved.clone().with("item", item).one();
        }
        reserved.exactly(2);
    }

    #[test]
    fn nothing_is_charged_for_an_empty_cart_but_it_is_a_checkout() {
        let captured = capture(|| checkout(7, &[]));
        captured.events().named("reserve").none();
        captured
            .events()
            .named("checkout")
            .with("cart.items", 0)
            .one();
    }

    #[tokio::test]
    async fn what_a_task_adds_is_seen_too() {
        let captured = capture_async(send_receipt(7)).await;
        assert_eq!(captured.event("send_receipt").u64("receipt.to"), Some(7));
    }

    /// The same text in every run: ids, times and durations are left out, and threads may end in any order. With insta it is
    /// `insta::assert_snapshot!(captured.tree())`.
    #[test]
    fn the_whole_trace_as_a_snapshot() {
        let captured = capture(|| checkout(7, &["tea", "cup"]));
        let expected = r#"
checkout
│ cart.items: 2
│ cart.total_usd: 9.0
│ outcome: "ok"
│ user_id: 7
├─ charge
│    amount_usd: 9.0
│    outcome: "ok"
├─ reserve
│    item: "cup"
│    outcome: "ok"
└─ reserve
     item: "tea"
     outcome: "ok"
"#;
        assert_eq!(captured.tree().to_string(), expected.trim_start());
    }
}
