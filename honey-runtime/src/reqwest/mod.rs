//! A child event for each call of a `reqwest::Client`, which carries the trace to the server: the feature `reqwest`.
//!
//! The client stays yours, as do requests, responses and errors: one word changes where a request is sent.
//!
//! ```no_run
//! use honey::reqwest::RequestBuilderExt;
//!
//! #[honey::event(err)]
//! async fn price(client: &reqwest::Client, sku: &str) -> reqwest::Result<String> {
//!     let request = client.get(format!("http://prices.internal/v1/price/{sku}"));
//!     let response = request.send_in_child_event("fetch price").await?;
//!     response.error_for_status()?.text().await
//! }
//! ```
//!
//! | field | value |
//! |---|---|
//! | `name` | as you name the call: an address would make too many |
//! | `span.kind` | `client`: OpenTelemetry's kind of a span, as Honeycomb writes it |
//! | `http.request.method` | the method; `_OTHER` for one that is not in a standard, which stands in `http.request.method_original` |
//! | `server.address`, `server.port` | where the request goes |
//! | `url.full` | the URL without credentials and fragment, and with `REDACTED` for each value in its query |
//! | `http.request.body.size` | bytes, of a body that is no stream |
//! | `http.response.status_code` | the status |
//! | `http.response.body.size` | bytes, as `Content-Length` says |
//! | `network.protocol.version` | `1.1`, `2` |
//!
//! `outcome` is `error` for a status of 400 and more (`error.type` is the status: whoever calls has a part in a 404) and when there was no
//! response (`error.type` is `timeout`, `connect`, `redirect`, `body`, `decode` or `request`; the text names the URL, and is not recorded),
//! `cancelled` when the future was dropped, else `ok`.
//!
//! The event ends when the head of the response is there, as the future does. To have a body's time in an event too, put both into
//! one: [`FutureExt::in_child_event`](crate::FutureExt::in_child_event). Redirects are one call. A request that cannot be built is none.
//!
//! `traceparent` is set in the request's headers (or what [`Config::propagation`](crate::Config::propagation) says), also when sampling
//! leaves the event out; without an open event and client nothing is. It goes to every server that you call in this way: for one
//! that must not know your trace ids, use reqwest's own `send`.
//!
//! With `default-features = false` this brings reqwest without TLS; yours decides. What honey itself sends never makes events.
//!
//! # `No rustls crypto provider is configured`
//! With the feature `http` honey's own use of reqwest leaves the choice of rustls' provider to the program, and Cargo builds one reqwest
//! for all: a `reqwest::Client::new()` of a crate without reqwest's feature `rustls` panics with that text. Either enable the feature where the
//! client is (`reqwest = { version = "0.13", features = ["rustls"] }` in your own `Cargo.toml` is enough), or install a provider before the
//! first client is made: `honey::rustls::crypto::ring::default_provider().install_default()`.

mod call;
mod redacted;

use std::future::Future;

use ::reqwest::{Client, Request, RequestBuilder, Response, Result};

/// `send` as a child event, for a request that is being built.
pub trait RequestBuilderExt: Sized {
    /// Sends the request as a child event of the current one, under this name.
    ///
    /// ```
    /// use honey::reqwest::RequestBuilderExt;
    ///
    /// # async fn ping(client: &reqwest::Client) -> reqwest::Result<()> {
    /// let response = client.get("http://127.0.0.1:9/ping").send_in_child_event("ping").await?;
    /// # drop(response);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As `RequestBuilder::send`.
    fn send_in_child_event(
        self,
        name: &'static str,
    ) -> impl Future<Output = Result<Response>> + Send;
}

impl RequestBuilderExt for RequestBuilder {
    async fn send_in_child_event(self, name: &'static str) -> Result<Response> {
        let (client, request) = self.build_split();
        call::execute(client, name, request?).await
    }
}

/// `execute` as a child event, for a request that is complete.
pub trait ClientExt {
    /// Sends the request as a child event of the current one, under this name.
    ///
    /// ```
    /// use honey::reqwest::ClientExt;
    ///
    /// # async fn ping(client: &reqwest::Client) -> reqwest::Result<()> {
    /// let request = client.get("http://127.0.0.1:9/ping").build()?;
    /// let response = client.execute_in_child_event("ping", request).await?;
    /// # drop(response);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As `Client::execute`.
    fn execute_in_child_event(
        &self,
        name: &'static str,
        request: Request,
    ) -> impl Future<Output = Result<Response>> + Send;
}

impl ClientExt for Client {
    fn execute_in_child_event(
        &self,
        name: &'static str,
        request: Request,
    ) -> impl Future<Output = Result<Response>> + Send {
        call::execute(self.clone(), name, request)
    }
}
