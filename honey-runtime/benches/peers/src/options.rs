//! `--name value` and `--flag`, as the commands take them.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::peer::{Compression, Result, Setup};

pub(crate) struct Options(BTreeMap<String, String>);

impl Options {
    pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut options = BTreeMap::new();
        let mut arguments = arguments.peekable();
        while let Some(argument) = arguments.next() {
            let name = argument
                .strip_prefix("--")
                .ok_or_else(|| format!("`{argument}` is no option: write --name value"))?;
            let value = arguments.next_if(|next| !next.starts_with("--"));
            options.insert(name.to_owned(), value.unwrap_or_default());
        }
        Ok(Self(options))
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str> {
        let value = self
            .0
            .get(name)
            .ok_or_else(|| format!("--{name} is missing"))?;
        Ok(value)
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn number<T: FromStr>(&self, name: &str, default: T) -> Result<T> {
        match self.0.get(name) {
            None => Ok(default),
            Some(value) => value
                .parse()
                .map_err(|_| format!("--{name} {value} is no number").into()),
        }
    }

    /// How the peer is to be set up.
    pub(crate) fn setup(&self) -> Result<Setup> {
        Ok(Setup {
            url: self.text("url")?.to_owned(),
            in_process: self.has("in-process"),
            disabled: self.has("disabled"),
            tuned: self.has("tuned"),
            default_fields: self.has("default-fields"),
            before_send: self.has("before-send"),
            tail: self.has("tail"),
            message_pack: self.has("message-pack"),
            compression: match self.0.get("compression").map_or("none", String::as_str) {
                "none" => Compression::None,
                "gzip" => Compression::Gzip,
                "zstd" => Compression::Zstd,
                other => return Err(format!("no compression `{other}`: none, gzip or zstd").into()),
            },
        })
    }
}
