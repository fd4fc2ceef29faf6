//! Reading an `api_host` strictly enough to say at once what is wrong with it.

use std::net::{Ipv4Addr, Ipv6Addr};

/// What a base URL leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    /// This machine itself: no key is needed, and none can be stolen on the way.
    pub(crate) is_loopback: bool,
    pub(crate) is_encrypted: bool,
}

/// Reads a base URL; the error says what is wrong, without repeating credentials.
pub(super) fn read(url: &str) -> Result<Way, &'static str> {
    let (is_encrypted, rest) = match url.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (true, rest),
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (false, rest),
        Some(_) => return Err("it must begin with `https://` or `http://`"),
        None => return Err("it is no URL: it must begin with `https://` or `http://`"),
    };
    if url.bytes().any(|byte| !matches!(byte, b'!'..=b'~')) {
        return Err(
            "it contains blanks, control characters or characters that must be percent-encoded",
        );
    }
    if url.contains(['?', '#']) {
        return Err("it must end with its path: no `?` and no `#`");
    }
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.contains('@') {
        return Err("it must not contain a user name or password");
    }
    let host = host_of(authority).ok_or("its host or port cannot be read")?;
    if host.is_empty() {
        return Err("it has no host");
    }
    Ok(Way {
        is_loopback: is_loopback(host),
        is_encrypted,
    })
}

/// The host without its port; `None` when the port is no number.
fn host_of(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => authority
            .find(':')
            .map_or((authority, ""), |colon| authority.split_at(colon)),
    };
    let port_is_fine = port.is_empty() || port.strip_prefix(':')?.parse::<u16>().is_ok();
    port_is_fine.then_some(host)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_can_be_sent_to() {
        for (url, is_loopback, is_encrypted) in [
            ("https://api.honeycomb.io", false, true),
            ("http://refinery:8080/prefix/", false, false),
            ("http://127.0.0.1:8088", true, false),
            ("http://LocalHost", true, false),
            ("http://[::1]:80", true, false),
            ("https://127.evil.example", false, true),
            ("HTTPS://Api.example", false, true),
        ] {
            assert_eq!(
                read(url),
                Ok(Way {
                    is_loopback,
                    is_encrypted
                }),
                "{url}"
            );
        }
    }

    #[test]
    fn refuses_what_cannot() {
        for url in [
            "api.honeycomb.io",
            "ftp://host",
            "https://",
            "https:///path",
            "https://user:secret@host",
            "https://host?x=1",
            "https://ho st",
            "https://host:port",
            "https://[::1",
            "https://host\r\nX-Evil: 1",
        ] {
            assert!(read(url).is_err(), "{url:?}");
        }
    }
}
