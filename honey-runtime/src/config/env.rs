//! Settings from the environment: what the code says wins over `HONEYCOMB_*`, which wins over `OTEL_*`.

use std::env::{self, VarError};
use std::fmt;

use super::Config;

impl Config {
    /// The settings that the environment gives, the defaults for the rest; setters called afterwards win.
    ///
    /// | variable | setting |
    /// |---|---|
    /// | `HONEYCOMB_API_KEY` | the key |
    /// | `HONEYCOMB_DATASET` | [`dataset`](Config::dataset) |
    /// | `HONEYCOMB_API_ENDPOINT` | [`api_host`](Config::api_host) |
    /// | `OTEL_SERVICE_NAME`, else `service.name` in `OTEL_RESOURCE_ATTRIBUTES` | [`service_name`](Config::service_name) |
    /// | `OTEL_SDK_DISABLED` = `true` | [`disabled`](Config::disabled) |
    ///
    /// A missing key is no error here: `init` says so, unless events go to this machine, to a writer, or nowhere.
    ///
    /// # Errors
    /// When a variable is set to something that cannot be read.
    pub fn from_env() -> Result<Self, EnvError> {
        Self::from_vars(&|name| match env::var(name) {
            Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => Err(EnvError::new(name, "it is not Unicode")),
        })
    }

    /// The same from any source of variables; empty ones count as missing.
    fn from_vars(
        var: &dyn Fn(&'static str) -> Result<Option<String>, EnvError>,
    ) -> Result<Self, EnvError> {
        let mut config = Self::without_key();
        config.api_key = var("HONEYCOMB_API_KEY")?;
        if let Some(dataset) = var("HONEYCOMB_DATASET")? {
            config.dataset = dataset;
        }
        if let Some(api_host) = var("HONEYCOMB_API_ENDPOINT")? {
            config.api_host = api_host;
        }
        let from_attributes =
            var("OTEL_RESOURCE_ATTRIBUTES")?.and_then(|list| service_name_in(&list));
        if let Some(name) = var("OTEL_SERVICE_NAME")?.or(from_attributes) {
            config.service_name = name;
        }
        config.disabled = match var("OTEL_SDK_DISABLED")? {
            None => false,
            Some(value) if value.eq_ignore_ascii_case("true") => true,
            Some(value) if value.eq_ignore_ascii_case("false") => false,
            Some(_) => {
                return Err(EnvError::new(
                    "OTEL_SDK_DISABLED",
                    "expected `true` or `false`",
                ));
            }
        };
        Ok(config)
    }
}

/// `service.name` in a list such as `service.name=shop,deployment.environment=prod`.
fn service_name_in(attributes: &str) -> Option<String> {
    attributes.split(',').find_map(|pair| {
        let (key, value) = pair.split_once('=')?;
        (key.trim() == "service.name").then(|| value.trim().to_owned())
    })
}

/// A variable of the environment that cannot be read. Its value is not repeated.
///
/// Its `Debug` is its text too, since that is what `fn main() -> Result<…>` prints.
#[derive(Clone, PartialEq, Eq)]
pub struct EnvError {
    variable: &'static str,
    problem: &'static str,
}

impl EnvError {
    fn new(variable: &'static str, problem: &'static str) -> Self {
        Self { variable, problem }
    }

    /// The variable's name.
    #[must_use]
    pub fn variable(&self) -> &'static str {
        self.variable
    }
}

impl fmt::Debug for EnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for EnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the environment variable {} cannot be used: {}",
            self.variable, self.problem
        )
    }
}

impl std::error::Error for EnvError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(vars: &[(&str, &str)]) -> Result<Config, EnvError> {
        Config::from_vars(&|name| {
            let found = vars.iter().find(|(known, _)| *known == name);
            Ok(found.map(|(_, value)| (*value).to_owned()))
        })
    }

    #[test]
    fn honeycombs_variables_and_then_opentelemetrys() {
        let config = config(&[
            ("HONEYCOMB_API_KEY", "k"),
            ("HONEYCOMB_DATASET", "d"),
            ("HONEYCOMB_API_ENDPOINT", "http://127.0.0.1:8088"),
            ("OTEL_RESOURCE_ATTRIBUTES", "a=b, service.name = shop"),
            ("OTEL_SDK_DISABLED", "TRUE"),
        ]);
        let config = config.unwrap_or_else(|error| unreachable!("{error}"));
        assert_eq!(config.api_key.as_deref(), Some("k"));
        assert_eq!(
            (
                config.dataset.as_str(),
                config.service_name.as_str(),
                config.disabled
            ),
            ("d", "shop", true)
        );
        assert_eq!(config.api_host, "http://127.0.0.1:8088");
    }

    #[test]
    fn a_value_that_cannot_be_read_is_named_but_not_repeated() {
        let error = config(&[("OTEL_SDK_DISABLED", "sure")])
            .err()
            .map(|error| error.to_string());
        let text = error.unwrap_or_default();
        assert!(
            text.contains("OTEL_SDK_DISABLED") && !text.contains("sure"),
            "{text}"
        );
    }
}
