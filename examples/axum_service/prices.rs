//! Knows what things cost.

use std::io::{self, Read, Write};

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::get;
use honey::tower::EventLayer;
use tokio::net::TcpListener;

use crate::{Outcome, TIMEOUT};

pub(crate) fn main() -> Outcome {
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
