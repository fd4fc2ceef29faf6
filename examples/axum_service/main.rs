//! Two services, each a process of its own; one calls the other over HTTP, and a request is one trace over both. Offline: both send
//! to a local Honeycomb, and the trace is drawn as it sees it.
//!
//! ```text
//! cargo run --example axum_service
//! ```

mod prices;
mod process;
mod shop;

use std::error::Error;
use std::io::{self, Write};
use std::time::Duration;

use axum::Router;
use honey_local::Server;
use honey_local::tree::{self, TreeOptions};
use tokio::net::TcpListener;

use process::Prices;
use shop::Shop;

const TIMEOUT: Duration = Duration::from_secs(10);

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    match std::env::args().nth(1) {
        Some(service) if service == "prices" => prices::main(),
        _ => both(),
    }
}

fn both() -> Outcome {
    // `honey` is built with rustls and leaves its provider to the program; a `reqwest` with its default features brings one.
    let _ = honey::rustls::crypto::ring::default_provider().install_default();
    let honeycomb = Server::start()?;
    let config = honey::Config::new("any-key").api_host(honeycomb.url());
    let guard = honey::init(config.service_name("shop"))?;
    let mut prices = Prices::start(&honeycomb)?;
    // Both services are on this machine, whatever proxy the environment names.
    let client = reqwest::Client::builder().no_proxy().build()?;
    let app = shop::app(Shop {
        client: client.clone(),
        prices: prices.url()?,
    });
    let answer = tokio::runtime::Runtime::new()?.block_on(visit(app, client))?;
    prices.stop()?;
    let report = guard.close(TIMEOUT);

    let mut out = io::stdout();
    writeln!(out, "the cart's total is {answer} USD\n")?;
    write!(
        out,
        "{}",
        tree::render(&honeycomb.events(), &TreeOptions::default())
    )?;
    writeln!(out, "\n{report}")?;
    Ok(())
}

/// A customer's visit, after a look at whether the shop is open.
async fn visit(app: Router, client: reqwest::Client) -> Result<String, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, app).await });
    let get = async |path: &str| {
        let request = client.get(format!("http://{address}/{path}"));
        request.send().await?.error_for_status()?.text().await
    };
    get("healthz").await?;
    Ok(get("cart/17").await?)
}
