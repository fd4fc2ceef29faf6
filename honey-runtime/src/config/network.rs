//! How requests travel: proxy, headers, TLS.

use std::fmt;

use super::Config;
use crate::error::InitError;

/// What a user may say about the HTTP client. It stays honey's: one from outside would follow redirects and bring its own runtime.
#[derive(Clone, Default)]
pub(crate) struct Network {
    pub(crate) tls: Option<Box<rustls::ClientConfig>>,
    /// `None`: what the environment says. Empty: none. May hold a password.
    pub(crate) proxy: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
}

/// Headers that honey sets, or that HTTP itself needs.
const TAKEN: [(&str, &str); 9] = [
    ("x-honeycomb-team", "give the key to `Config::new`"),
    (
        "user-agent",
        "use `user_agent_addition`, which is put behind honey's own part",
    ),
    ("content-type", "it follows from the encoding"),
    ("content-encoding", "use `compression`"),
    ("content-length", "it follows from the body"),
    ("transfer-encoding", "it follows from the body"),
    ("host", "it follows from `api_host`"),
    ("connection", "honey keeps connections itself"),
    (
        "proxy-authorization",
        "put user and password into the URL of `proxy`",
    ),
];

impl Config {
    /// Sends all requests through this proxy: `http://` or `https://`, with `user:password@` if it asks for them; they show in no
    /// output. An empty text: through none, whatever the environment says.
    ///
    /// By default what the environment says when the client is made: `HTTPS_PROXY` for `https://` hosts, `HTTP_PROXY` for
    /// `http://` ones, `ALL_PROXY` for both, but for the hosts in `NO_PROXY`; in upper or lower case.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.network.proxy = Some(url.into());
        self
    }

    /// Sends one more header with each request, for a gateway on the way. Given again, the later value wins. Values
    /// show in no output.
    ///
    /// ```
    /// let config = honey::Config::new("key").header("X-Gateway-Tenant", "shop");
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.network.headers.push((name.into(), value.into()));
        self
    }

    /// Uses this TLS configuration: for a private certificate authority, or client certificates. By default the platform's roots
    /// (the bundled ones where there are none) with ring. `honey::rustls` is the version that fits.
    pub fn tls(mut self, config: rustls::ClientConfig) -> Self {
        self.network.tls = Some(Box::new(config));
        self
    }
}

impl Network {
    pub(super) fn check(&self) -> Result<(), InitError> {
        if let Some(proxy) = &self.proxy {
            check_proxy(proxy.trim())?;
        }
        self.headers
            .iter()
            .try_for_each(|(name, value)| check_header(name, value))
    }
}

/// The URL is not repeated: it may hold a password.
fn check_proxy(url: &str) -> Result<(), InitError> {
    if url.is_empty() {
        return Ok(());
    }
    let rest = url
        .strip_prefix("http://")
        .or_else(|| url.strip_prefix("https://"));
    let has_host = rest.is_some_and(|rest| {
        let authority = rest.split('/').next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        !host.is_empty() && !host.starts_with(':')
    });
    let is_plain = url.bytes().all(|byte| matches!(byte, b'!'..=b'~'));
    if has_host && is_plain {
        return Ok(());
    }
    Err(InitError::config(
        "`proxy` must be the URL of an HTTP proxy: write, for example, `http://proxy.example:3128`, with `user:password@` before \
         the host if it asks for them (percent-encoded), or an empty string for no proxy"
            .to_owned(),
    ))
}

fn check_header(name: &str, value: &str) -> Result<(), InitError> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return Err(InitError::config(format!(
            "the header {name:?} cannot be sent: a header's name has letters, digits and `-` only, such as `X-Gateway-Tenant`"
        )));
    }
    if !value.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Err(InitError::config(format!(
            "the value of the header {name:?} cannot be sent: write printable ASCII, without line ends"
        )));
    }
    let taken = TAKEN
        .iter()
        .find(|(taken, _)| name.eq_ignore_ascii_case(taken));
    match taken {
        Some((_, instead)) => Err(InitError::config(format!(
            "the header {name:?} is honey's own: {instead}"
        ))),
        None => Ok(()),
    }
}

/// Neither password nor values.
impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        let proxy = self.proxy.as_deref();
        f.debug_struct("Network")
            .field("tls", &self.tls.as_ref().map(|_| "given"))
            .field("proxy", &proxy.map(crate::record::without_credentials))
            .field("headers", &names)
            .finish()
    }
}
