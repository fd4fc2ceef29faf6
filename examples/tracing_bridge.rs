//! A service instrumented with honey, on libraries that are instrumented with `tracing` and `log`: one trace over all of it. Offline: it
//! draws the trace.
//!
//! ```text
//! cargo run --example tracing_bridge
//! ```

use std::error::Error;
use std::time::Duration;

use honey::transmission::Tree;
use tracing::Level;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// A library that knows nothing of honey.
mod database {
    use tracing::field::Empty;
    use tracing::{Instrument as _, debug, info_span, instrument, warn};

    #[instrument(name = "SELECT stock", skip_all, fields(db.system.name = "sqlite", db.response.returned_rows = Empty))]
    pub(crate) async fn stock(sku: &str) -> Result<u64, String> {
        debug!(sku, "this says more than the trace needs");
        let connection = info_span!("take connection", otel.kind = "client");
        tokio::task::yield_now().instrument(connection).await;
        tracing::Span::current().record("db.response.returned_rows", 1);
        if sku == "SKU-gone" {
            warn!(sku, "no such row");
            return Err(format!("no stock of {sku}"));
        }
        Ok(3)
    }

    #[instrument(err)]
    pub(crate) async fn reserve(sku: &str) -> Result<u64, String> {
        Ok(stock(sku).await? - 1)
    }
}

/// One that uses `log`.
mod mailer {
    pub(crate) fn send(to: &str) {
        log::info!(to; "queued");
    }
}

#[honey::event(name = "POST /checkout", fields(sku), err)]
async fn checkout(sku: &'static str) -> Result<(), String> {
    // A task of its own stays in the trace, as it would with `tracing`.
    let reserved = honey::tokio::spawn(database::reserve(sku)).await;
    let left = reserved.map_err(|error| error.to_string())??;
    honey::current().add_field("stock.left", left);
    mailer::send("ada@example.com");
    Ok(())
}

async fn serve() {
    for sku in ["SKU-tea", "SKU-gone"] {
        // The error is in the trace.
        let _ = checkout(sku).await;
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let config = honey::Config::new("")
        .service_name("shop")
        .transmission(Tree::stdout());
    let guard = honey::init(config)?;

    // All spans, and the lines that matter. A layer that prints may stand beside it, with a filter of its own.
    let few_lines = filter_fn(|what| what.is_span() || *what.level() <= Level::INFO);
    tracing_subscriber::registry()
        .with(honey::tracing::layer().with_filter(few_lines))
        .try_init()?;
    honey::log::Logger::new().install()?;

    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .build()?;
    runtime.block_on(serve());

    let report = guard.close(Duration::from_secs(5));
    assert!(report.stats.is_balanced());
    Ok(())
}
