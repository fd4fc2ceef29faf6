//! What can go wrong when the server is asked, each with what to do about it.

use std::fmt;

use crate::dispatch::{Answer, Cause, Silence};

/// How much of a server's text an error repeats.
const MAX_TEXT_CHARS: usize = 300;

/// Why [`verify`](crate::verify) or [`markers`](crate::markers) failed. Its text says what to do; it never contains
/// the key.
///
/// Its `Debug` is its text too, since that is what `fn main() -> Result<…>` prints.
///
/// ```
/// # use std::time::Duration;
/// let error = honey::verify(Duration::from_secs(3)).unwrap_err(); // no client is live here
/// assert!(!error.is_unauthorized() && error.status().is_none());
/// println!("{error}");
/// ```
pub struct RequestError {
    kind: Kind,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// There is nothing to ask with.
    NoClient,
    Unauthorized(u16),
    Forbidden(u16),
    /// Another answer than hoped for.
    Answer(u16),
    Silence(Cause),
}

impl RequestError {
    pub(super) fn no_client() -> Self {
        Self {
            kind: Kind::NoClient,
            text: "there is no client to ask with: call `honey::init` first and keep its guard, or use `honey::with_client`; a \
                   disabled client asks nobody"
                .to_owned(),
        }
    }

    pub(super) fn inside() -> Self {
        Self {
            kind: Kind::NoClient,
            text: "this cannot be asked from code that honey itself is running, such as a dynamic field or a handler: ask from \
                   the program's own code"
                .to_owned(),
        }
    }

    pub(super) fn silence(api_host: &str, silence: &Silence) -> Self {
        let advice = match silence.cause {
            Cause::NotHttp => {
                "this client sends nothing to a server: its events are discarded, or go to a transmission of their own"
            }
            Cause::Unsendable => "",
            Cause::UnknownHost => "Is `api_host` spelled right, and is there a name server?",
            Cause::Refused => {
                "Nothing listens there: is the port in `api_host` right, and does the server run?"
            }
            Cause::TimedOut => {
                "Is a firewall in between, does this network need a proxy (`Config::proxy`, HTTPS_PROXY), or is the timeout short?"
            }
            Cause::Tls => {
                "Check the certificate, the host name in `api_host` and the machine's clock; for a certificate authority of your \
                 own use `Config::tls`, for a server without TLS `http://`"
            }
            Cause::Proxy => {
                "Check the proxy's URL and password, and whether it lets this host through"
            }
            Cause::Broken => {
                "Does `api_host` lead to an HTTP server, and is its `http://` or `https://` right?"
            }
            Cause::Closed => "the client is closed, or its thread has ended: ask before `close`",
        };
        let text = match silence.cause {
            Cause::NotHttp | Cause::Closed => advice.to_owned(),
            Cause::Unsendable => silence.why.clone(),
            Cause::TimedOut => format!("{api_host}: {}. {advice}", silence.why),
            _ => format!("{}. {advice}", silence.why),
        };
        Self {
            kind: Kind::Silence(silence.cause),
            text,
        }
    }

    /// The server does not know the key.
    pub(super) fn unauthorized(api_host: &str, answer: &Answer) -> Self {
        let status = answer.status;
        Self {
            kind: Kind::Unauthorized(status),
            text: format!(
                "{api_host} does not know this API key ({status}{}). Copy it again from Honeycomb's environment settings; it must \
                 belong to the region of `api_host` (US `https://api.honeycomb.io`, EU `https://api.eu1.honeycomb.io`)",
                server_text(answer)
            ),
        }
    }

    /// The key may not do this.
    pub(super) fn forbidden(api_host: &str, status: u16, what: &str, permission: &str) -> Self {
        Self {
            kind: Kind::Forbidden(status),
            text: format!(
                "{api_host} knows this API key{what}, but it lacks the permission \"{permission}\": give it that in Honeycomb's \
                 environment settings, or use another key"
            ),
        }
    }

    /// An answer that is no success.
    pub(super) fn answer(api_host: &str, answer: &Answer, path: &str) -> Self {
        let status = answer.status;
        let said = server_text(answer);
        let text = match status {
            300..=399 => format!(
                "{api_host} answers with a redirect ({status}), which is never followed, since it would take the key along: set \
                 `api_host` to the address it should be"
            ),
            404 => format!(
                "{api_host} does not know {path} (404{said}): is it Honeycomb's API or a proxy of it, and is the path prefix right?"
            ),
            407 => format!(
                "the proxy wants a password ({status}): write `user:password@` into its URL"
            ),
            429 => format!("{api_host} asks to slow down (429{said}): try again later"),
            500.. => format!("{api_host} has trouble of its own ({status}{said}): try again later"),
            _ => format!(
                "{api_host} answers {status}{said}: is it Honeycomb's API or a proxy of it?"
            ),
        };
        Self {
            kind: Kind::Answer(status),
            text,
        }
    }

    /// The key is unknown.
    #[must_use]
    pub fn is_unauthorized(&self) -> bool {
        matches!(self.kind, Kind::Unauthorized(_))
    }

    /// The key is known, and may not do this.
    #[must_use]
    pub fn is_forbidden(&self) -> bool {
        matches!(self.kind, Kind::Forbidden(_))
    }

    /// There was no answer in time.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.kind == Kind::Silence(Cause::TimedOut)
    }

    /// The TLS handshake failed.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.kind == Kind::Silence(Cause::Tls)
    }

    /// No connection came about, or it broke: an unknown name, nothing that listens, a proxy that refuses.
    #[must_use]
    pub fn is_unreachable(&self) -> bool {
        use Cause::{Broken, Proxy, Refused, UnknownHost};
        matches!(
            self.kind,
            Kind::Silence(UnknownHost | Refused | Proxy | Broken)
        )
    }

    /// The HTTP status, if the server answered.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.kind {
            Kind::Unauthorized(status) | Kind::Forbidden(status) | Kind::Answer(status) => {
                Some(status)
            }
            Kind::NoClient | Kind::Silence(_) => None,
        }
    }
}

/// `, "text"`: what the server said, as one line. The key, which some servers quote, is not in it.
fn server_text(answer: &Answer) -> String {
    let read: Option<serde_json::Value> = serde_json::from_slice(&answer.body).ok();
    let error = read
        .as_ref()
        .and_then(|body| body.get("error").or(body.get("title"))?.as_str());
    error.map_or_else(String::new, |text| {
        let shown: String = text.chars().take(MAX_TEXT_CHARS).collect();
        format!(", {shown:?}")
    })
}

impl fmt::Debug for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for RequestError {}
