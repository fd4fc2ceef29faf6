//! The HTTP clients: nothing followed, nothing decompressed, nothing repeated without our knowing.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, ClientBuilder};

use super::proxy::Way;
use super::tls;
use crate::sender::settings::{BuildError, HttpOptions, Proxy, Settings};
use crate::sync::Arc;

/// Below the 60 s after which servers and load balancers close a connection that nobody uses.
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(50);

/// One client that keeps connections, and one that never does: for the retry after a connection was found dead.
#[derive(Clone)]
pub(super) struct Clients {
    pub(super) pooled: Client,
    pub(super) fresh: Client,
    /// A whole try.
    pub(super) timeout: Duration,
    pub(super) way: Arc<Way>,
}

impl Clients {
    pub(super) fn new(options: HttpOptions, settings: &Settings) -> Result<Self, BuildError> {
        let tls = match options.tls {
            Some(tls) => *tls,
            None => tls::config()?,
        };
        let headers = headers(&options.headers)?;
        let build = |most_idle: usize| {
            let builder = Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .connect_timeout(settings.connect_timeout)
                .pool_idle_timeout(POOL_IDLE_TIMEOUT)
                .pool_max_idle_per_host(most_idle)
                .tcp_nodelay(true)
                .default_headers(headers.clone())
                .user_agent(user_agent(&settings.user_agent_addition)?);
            proxied(builder, &options.proxy)?
                .build()
                // The error may hold the proxy's URL with its password.
                .map_err(|_| BuildError {
                    what: "the HTTP client cannot be set up".to_owned(),
                })
        };
        Ok(Self {
            pooled: build(settings.max_concurrent_batches)?,
            fresh: build(0)?,
            timeout: settings.request_timeout,
            way: Arc::new(Way::of(&options.proxy)),
        })
    }
}

fn proxied(builder: ClientBuilder, proxy: &Proxy) -> Result<ClientBuilder, BuildError> {
    match proxy {
        Proxy::Environment => Ok(builder),
        Proxy::Direct => Ok(builder.no_proxy()),
        Proxy::Url(url) => {
            let proxy = reqwest::Proxy::all(url).map_err(|_| BuildError {
                what: "the proxy is not a valid URL".to_owned(),
            })?;
            Ok(builder.proxy(proxy))
        }
    }
}

fn headers(list: &[(String, String)]) -> Result<HeaderMap, BuildError> {
    let mut headers = HeaderMap::new();
    for (name, value) in list {
        let parsed = HeaderName::try_from(name)
            .ok()
            .zip(HeaderValue::try_from(value).ok());
        let (parsed_name, mut value) = parsed.ok_or_else(|| BuildError {
            what: format!("the header {name:?} has a name or a value that HTTP does not allow"),
        })?;
        value.set_sensitive(true);
        headers.insert(parsed_name, value);
    }
    Ok(headers)
}

/// `honey-rust/VERSION [addition] rustc/… (os/arch)`, as the libhoneys have it. The compiler is known by its least version only.
fn user_agent(addition: &str) -> Result<HeaderValue, BuildError> {
    let addition = addition.trim();
    let space = if addition.is_empty() { "" } else { " " };
    let text = format!(
        "honey-rust/{}{space}{addition} rustc/{}+ ({}/{})",
        env!("CARGO_PKG_VERSION"),
        env!("CARGO_PKG_RUST_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH
    );
    HeaderValue::try_from(text).map_err(|_| BuildError {
        what: "the addition to the user agent has characters that HTTP does not allow".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_agent_names_us_the_addition_and_the_platform() {
        for (addition, begins) in [
            ("", "honey-rust/0.1.0 rustc/"),
            (" shop/2 ", "honey-rust/0.1.0 shop/2 rustc/"),
        ] {
            let agent = user_agent(addition).ok();
            let text = agent
                .as_ref()
                .and_then(|agent| agent.to_str().ok())
                .unwrap_or("");
            assert!(text.starts_with(begins), "{text}");
            assert!(text.ends_with(&format!(
                "({}/{})",
                std::env::consts::OS,
                std::env::consts::ARCH
            )));
        }
        assert!(user_agent("a\nb").is_err());
    }
}
