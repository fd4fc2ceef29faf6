//! A URL without what it may hold of secrets.

use std::fmt;

use ::reqwest::Url;

const REDACTED: &str = "REDACTED";

/// Without credentials and fragment; the query's names are there, its values are not.
pub(super) struct Redacted<'a>(pub(super) &'a Url);

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.0;
        write!(f, "{}://{}", url.scheme(), url.host_str().unwrap_or(""))?;
        if let Some(port) = url.port() {
            write!(f, ":{port}")?;
        }
        f.write_str(url.path())?;
        let mut before = "?";
        for pair in url.query().into_iter().flat_map(|query| query.split('&')) {
            f.write_str(before)?;
            before = "&";
            // What has no name may be a value.
            if let Some((name, _)) = pair.split_once('=') {
                write!(f, "{name}=")?;
            }
            f.write_str(REDACTED)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out() {
        for (url, shown) in [
            ("http://a.example", "http://a.example/"),
            (
                "https://user:pass@a.example:8443/p/1?token=s3cret&empty=&s3cret#s3cret",
                "https://a.example:8443/p/1?token=REDACTED&empty=REDACTED&REDACTED",
            ),
            ("http://[::1]:80/?q=a=b", "http://[::1]/?q=REDACTED"),
        ] {
            let url = Url::parse(url).unwrap_or_else(|error| unreachable!("{error}"));
            assert_eq!(Redacted(&url).to_string(), shown);
        }
    }
}
