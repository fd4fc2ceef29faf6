//! What customers see. It asks the other service for prices.

use std::error::Error;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use honey::reqwest::RequestBuilderExt;
use honey::tower::EventLayer;

#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) client: reqwest::Client,
    pub(crate) prices: String,
}

pub(crate) fn app(shop: Shop) -> Router {
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
