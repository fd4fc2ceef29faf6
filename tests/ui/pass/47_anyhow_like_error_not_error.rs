#![deny(warnings)]

use std::error::Error;
use std::fmt::{Debug, Display, Formatter, Result as Written};

// As `anyhow::Error`: made of any `Error`, with a text, and no `Error` itself.
struct Any(Box<dyn Error + Send + Sync>);

impl<E: Error + Send + Sync + 'static> From<E> for Any {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl Display for Any {
    fn fmt(&self, f: &mut Formatter<'_>) -> Written {
        Display::fmt(&self.0, f)
    }
}

impl Debug for Any {
    fn fmt(&self, f: &mut Formatter<'_>) -> Written {
        Debug::fmt(&self.0, f)
    }
}

#[honey::event(fields(text), err)]
fn parse(text: &str) -> Result<u32, Any> {
    Ok(text.parse::<u32>()? + text.parse::<u32>()?)
}

#[honey::event(err(debug), err(source = |error| error.0.source().is_some()))]
async fn parse_later(text: &str) -> Result<u32, Any> {
    tokio::task::yield_now().await;
    parse(text)
}

#[honey::event(err)]
fn parse_boxed(text: &str) -> Result<u32, Box<dyn Error + Send + Sync>> {
    Ok(text.parse::<u32>()?)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(parse("2").unwrap(), 4);
    assert!(parse("").is_err() && parse_later("x").await.is_err() && parse_boxed("").is_err());
}
