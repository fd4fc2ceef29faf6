//! Two services, each a process of its own; one calls the other over HTTP, and a request is one trace over both. Offline: both send
//! to a local Honeycomb, and the trace is drawn as it sees it.
//!
//! ```text
//! cargo run --example axum_service
//! ```

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use honey::reqwest::RequestBuilderExt;
use honey::tower::EventLayer;
use honey_local::Server;
use honey_local::tree::{self, TreeOptions};
use tokio::net::TcpListener;

const TIMEOUT: Duration = Duration::from_secs(10);

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    match std::env::args().nth(1) {
        Some(service) if service == "prices" => prices::main(),
        _ => shop::main(),
    }
}

/// Knows what things cost.
mod prices {
    use super::*;

    pub(super) fn main() -> Outcome {
        let guard = honey::init(honey::Config::from_env()?.service_name("prices"))?;
        tokio::runtime::Runtime::new()?.block_on(serve())?;
        guard.close(TIMEOUT);
        Ok(())
    }

    fn app() -> Router {
        Router::new()
            .route("/price/{sku}", get(price))
            .layer(EventLayer::new())
    }

    async fn price(Path(sku): Path<String>) -> Result<String, StatusCode> {
        let price = look_up(&sku).await.ok_or(StatusCode::NOT_FOUND)?;
        honey::root().add_field("price.usd", price);
        Ok(price.to_string())
    }

    #[honey::event(name = "SELECT price", fields(sku))]
    async fn look_up(sku: &str) -> Option<f64> {
        match sku {
            "darjeeling" => Some(12.5),
            "sencha" => Some(9.0),
            _ => None,
        }
    }

    /// Tells the parent process its address, and serves until that one has had enough.
    async fn serve() -> Outcome {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        writeln!(io::stdout(), "{}", listener.local_addr()?)?;
        let parent_is_done = async {
            let wait = || io::stdin().read_to_end(&mut Vec::new());
            let _ = tokio::task::spawn_blocking(wait).await;
        };
        axum::serve(listener, app())
            .with_graceful_shutdown(parent_is_done)
            .await?;
        Ok(())
    }
}

/// What customers see. It asks the other for prices.
mod shop {
    use super::*;

    #[derive(Clone)]
    struct Shop {
        client: reqwest::Client,
        prices: String,
    }

    fn app(shop: Shop) -> Router {
        Router::new()
            .route("/cart/{id}", get(cart))
            .route("/healthz", get(async || "ok"))
            .with_state(shop)
            .layer(EventLayer::new().skip(|request| request.uri.path() == "/healthz"))
    }

    async fn cart(State(shop): State<Shop>, Path(id): Path<u64>) -> Result<String, StatusCode> {
        honey::root().add_field("cart.id", id);
        let mut total = 0.0;
        for sku in ["darjeeling", "sencha"] {
            total += shop.price(sku).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
        }
        honey::root().add_field("cart.total_usd", total);
        Ok(total.to_string())
    }

    impl Shop {
        #[honey::event(fields(sku), err)]
        async fn price(&self, sku: &str) -> Result<f64, Box<dyn Error + Send + Sync>> {
            let request = self.client.get(format!("{}/price/{sku}", self.prices));
            let response = request.send_in_child_event("GET price").await?;
            Ok(response.error_for_status()?.text().await?.parse()?)
        }
    }

    pub(super) fn main() -> Outcome {
        // `honey` is built with rustls and leaves its provider to the program; a `reqwest` with its default features brings one.
        let _ = honey::rustls::crypto::ring::default_provider().install_default();
        let honeycomb = Server::start()?;
        let config = honey::Config::new("any-key").api_host(honeycomb.url());
        let guard = honey::init(config.service_name("shop"))?;
        let mut prices = Prices::start(&honeycomb)?;
        let shop = Shop {
            client: reqwest::Client::new(),
            prices: prices.url()?,
        };
        let answer = tokio::runtime::Runtime::new()?.block_on(visit(app(shop)))?;
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

    /// A customer's visit.
    async fn visit(app: Router) -> Result<String, Box<dyn Error>> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move { axum::serve(listener, app).await });
        let customer = reqwest::Client::new();
        for path in ["healthz", "cart/17"] {
            let response = customer
                .get(format!("http://{address}/{path}"))
                .send()
                .await?;
            let text = response.error_for_status()?.text().await?;
            if path != "healthz" {
                return Ok(text);
            }
        }
        Err("no answer".into())
    }

    /// The other service's process.
    struct Prices {
        process: Child,
        stdin: Option<ChildStdin>,
    }

    impl Prices {
        fn start(honeycomb: &Server) -> Result<Self, Box<dyn Error>> {
            let mut process = Command::new(std::env::current_exe()?)
                .arg("prices")
                .env("HONEYCOMB_API_KEY", "any-key")
                .env("HONEYCOMB_API_ENDPOINT", honeycomb.url())
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()?;
            let stdin = process.stdin.take();
            Ok(Self { process, stdin })
        }

        /// What it says first.
        fn url(&mut self) -> Result<String, Box<dyn Error>> {
            let stdout = self.process.stdout.take().ok_or("its output is read")?;
            let mut address = String::new();
            BufReader::new(stdout).read_line(&mut address)?;
            Ok(format!("http://{}", address.trim()))
        }

        /// Lets it send what it has.
        fn stop(mut self) -> Outcome {
            drop(self.stdin.take());
            let status = self.process.wait()?;
            if status.success() {
                Ok(())
            } else {
                Err(format!("the other service: {status}").into())
            }
        }
    }
}
