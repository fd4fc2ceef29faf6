//! Which proxy a request goes by, for the words about one that failed: never its URL, which may hold a password.

use std::env;

use hyper_util::client::proxy::matcher::Matcher;

use crate::sender::settings::Proxy;

/// Found when the HTTP client is made, which is when that looks at the environment too.
pub(super) enum Way {
    Direct,
    /// `Config::proxy`.
    Config,
    Environment {
        matcher: Box<Matcher>,
        of_https: Option<&'static str>,
        of_http: Option<&'static str>,
    },
}

impl Way {
    pub(super) fn of(proxy: &Proxy) -> Self {
        match proxy {
            Proxy::Direct => Self::Direct,
            Proxy::Url(_) => Self::Config,
            Proxy::Environment => Self::Environment {
                matcher: Box::new(Matcher::from_system()),
                of_https: first_set(["HTTPS_PROXY", "https_proxy"]),
                of_http: first_set(["HTTP_PROXY", "http_proxy"]),
            },
        }
    }

    /// What to add to the words about a request to `url`: where its proxy is named, by the HTTP client's own rules.
    pub(super) fn words(&self, url: &str) -> String {
        self.name(url).map_or_else(String::new, |name| {
            format!(", by way of the proxy that {name} names")
        })
    }

    fn name(&self, url: &str) -> Option<&'static str> {
        match self {
            Self::Direct => None,
            Self::Config => Some("`Config::proxy`"),
            Self::Environment {
                matcher,
                of_https,
                of_http,
            } => {
                let url = url.trim().parse().ok()?;
                matcher.intercept(&url)?;
                match url.scheme_str() {
                    Some("https") => *of_https,
                    _ => *of_http,
                }
            }
        }
    }
}

/// Of the scheme's own variables and those of all schemes, the one that counts.
fn first_set(own: [&'static str; 2]) -> Option<&'static str> {
    let mut names = own.into_iter().chain(["ALL_PROXY", "all_proxy"]);
    names.find(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}
