//! The service, instrumented in each way.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{MatchedPath, Path, Request};
use axum::http::header::{HOST, USER_AGENT};
use axum::response::Response;
use axum::routing::get;
use tower_http::trace::TraceLayer;
use tracing::Span;
use tracing::field::Empty;

use crate::peer::Result;

#[derive(Clone, Copy)]
pub(super) enum Instrument {
    Nothing,
    Honey,
    TraceLayer,
}

/// Serves on a free port, for as long as the runtime lives.
pub(super) async fn serve(instrument: Instrument) -> Result<SocketAddr> {
    let router = Router::new().route("/cart/{id}", get(cart));
    let router = match instrument {
        Instrument::Nothing => router,
        Instrument::Honey => router.layer(honey::tower::EventLayer::new()),
        Instrument::TraceLayer => router.layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(())
                .on_body_chunk(())
                .on_eos(())
                .on_failure(())
                .on_response(|response: &Response, _latency, span: &Span| {
                    span.record("http.response.status_code", response.status().as_u16());
                }),
        ),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

async fn cart(Path(id): Path<u64>) -> String {
    format!("cart {id} has three items")
}

/// The fields that honey's layer records, but for the body's size.
fn span(request: &Request) -> Span {
    let header = |name| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(MatchedPath::as_str);
    tracing::info_span!(
        "request",
        otel.name = format!("{} {}", request.method(), route.unwrap_or_default()),
        otel.kind = "server",
        http.request.method = request.method().as_str(),
        http.route = route,
        url.path = request.uri().path(),
        url.scheme = "http",
        server.address = header(HOST),
        user_agent.original = header(USER_AGENT),
        network.protocol.version = "1.1",
        http.response.status_code = Empty,
    )
}
