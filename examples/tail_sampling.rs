//! Paying for what is worth keeping: errors and slow requests all, a tenth of the rest by route, and nothing of the health checks.
//! Offline: it sends to a local Honeycomb, then shows what was kept at which rates, and that the sums of the rates still say how
//! many requests there were.
//!
//! ```text
//! cargo run --example tail_sampling
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};
use std::time::Duration;

use honey::Config;
use honey::sampling::{DynamicRate, Rate, TailRules, When};
use honey_local::Server;

const REQUESTS: u64 = 5_000;

#[honey::event(name = "request", fields(http.route = route), err)]
fn request(number: u64, route: &str) -> Result<(), String> {
    // A child, kept or dropped with its request.
    query(number);
    if number % 250 == 7 {
        return Err("no such cart".to_owned());
    }
    honey::current().add_field("http.response.status_code", 200);
    Ok(())
}

#[honey::event(name = "query", fields(number))]
fn query(number: u64) {
    honey::current().add_field("user.email", format!("user{number}@example.com"));
}

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start()?;
    let config = Config::new("any-key")
        .api_host(server.url())
        .dataset("shop")
        .tail(
            TailRules::new()
                .keep_errors()
                .keep_slower_than(Duration::from_secs(1))
                .rule(When::root_field("http.route").is("/healthz"), Rate::none())
                .otherwise(
                    DynamicRate::ema_sample_rate(10)
                        .adjustment_interval(Duration::from_millis(20))
                        .by(["http.route", "http.response.status_code"]),
                ),
        )
        // The last look: who wrote the field need not have known better.
        .before_send(|event| {
            event.redact("user.email");
        });
    let guard = honey::init(config)?;
    for number in 0..REQUESTS {
        let route = match number % 100 {
            0 => "/admin",
            1..=20 => "/healthz",
            21..=40 => "/cart",
            _ => "/",
        };
        // The error is the request's, and stands in its event.
        let _ = request(number, route);
        if number % 500 == 0 {
            let _ = honey::flush(Duration::from_secs(5));
        }
    }
    let report = guard.close(Duration::from_secs(5));

    let mut kept: BTreeMap<(String, bool), Vec<u64>> = BTreeMap::new();
    for event in server.events() {
        if event.str("name") == Some("request") {
            let route = event.str("http.route").unwrap_or_default().to_owned();
            let is_error = event.data.contains_key("error");
            kept.entry((route, is_error))
                .or_default()
                .push(event.sample_rate);
        }
    }
    let mut out = io::stdout();
    writeln!(out, "{report}")?;
    for ((route, is_error), rates) in kept {
        let what = if is_error { "errors" } else { "requests" };
        let (count, sum) = (rates.len(), rates.iter().sum::<u64>());
        let highest = rates.iter().max().copied().unwrap_or_default();
        writeln!(
            out,
            "{route:8} {what}: kept {count:4}, at rates up to {highest:2}; they stand for {sum}"
        )?;
    }
    Ok(())
}
