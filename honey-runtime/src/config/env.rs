//! Settings from the environment: what the code says wins over `HONEYCOMB_*`, which wins over `OTEL_*`.

use std::borrow::Cow;
use std::env::{self, VarError};
use std::fmt;

use super::{Config, attributes};
use crate::filter::Filter;

impl Config {
    /// The settings that the environment gives, the defaults for the rest; setters called afterwards win.
    ///
    /// | variable | setting |
    /// |---|---|
    /// | `HONEYCOMB_API_KEY` | the key |
    /// | `HONEYCOMB_DATASET` | [`dataset`](Config::dataset) |
    /// | `HONEYCOMB_API_ENDPOINT` | [`api_host`](Config::api_host) |
    /// | `HONEY_FILTER` | [`filter`](Config::filter), before what the code adds |
    /// | `OTEL_SERVICE_NAME`, else `service.name` in `OTEL_RESOURCE_ATTRIBUTES` | [`service_name`](Config::service_name) |
    /// | `OTEL_RESOURCE_ATTRIBUTES`: `key=value,key=value`, percent-encoded | fields of every event |
    /// | `OTEL_SDK_DISABLED`: `true` or `false` | [`disabled`](Config::disabled) |
    ///
    /// `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are read when the client is made, whether its configuration came
    /// from here or not: see [`proxy`](Config::proxy). A variable that is set but empty counts as missing.
    ///
    /// A missing key is no error here: `init` says so, unless events go to this machine, to a writer, or nowhere.
    ///
    /// # Errors
    /// When a variable is set to something that cannot be read. The error names it and says what to write.
    pub fn from_env() -> Result<Self, EnvError> {
        Self::from_vars(&|name| match env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(VarError::NotPresent) => Ok(None),
            Err(VarError::NotUnicode(_)) => {
                Err(EnvError::new(name, "it is not Unicode: write plain text"))
            }
        })
    }

    /// The same from any source of variables; blank ones count as missing.
    fn from_vars(
        var: &dyn Fn(&'static str) -> Result<Option<String>, EnvError>,
    ) -> Result<Self, EnvError> {
        let var = |name| {
            let value = var(name)?.map(|value| value.trim().to_owned());
            Ok(value.filter(|value| !value.is_empty()))
        };
        let mut config = Self::without_key();
        config.api_key = var("HONEYCOMB_API_KEY")?;
        if let Some(dataset) = var("HONEYCOMB_DATASET")? {
            config.dataset = dataset;
        }
        if let Some(api_host) = var("HONEYCOMB_API_ENDPOINT")? {
            config.api_host = api_host;
        }
        if let Some(list) = var("HONEY_FILTER")? {
            Filter::parse([list.as_str()])
                .map_err(|error| EnvError::new("HONEY_FILTER", error.to_string()))?;
            config.filters.push(list);
        }
        if let Some(list) = var("OTEL_RESOURCE_ATTRIBUTES")? {
            config.attributes = attributes::read(&list)
                .map_err(|problem| EnvError::new("OTEL_RESOURCE_ATTRIBUTES", problem))?;
            config.service_name = attributes::take_service_name(&mut config.attributes);
        }
        if let Some(name) = var("OTEL_SERVICE_NAME")? {
            config.service_name = name;
        }
        config.disabled = match var("OTEL_SDK_DISABLED")? {
            None => false,
            Some(value) if value.eq_ignore_ascii_case("true") => true,
            Some(value) if value.eq_ignore_ascii_case("false") => false,
            Some(_) => {
                return Err(EnvError::new(
                    "OTEL_SDK_DISABLED",
                    "write `true` or `false`, or leave it out",
                ));
            }
        };
        Ok(config)
    }
}

/// A variable of the environment that cannot be read: its name, what is wrong, what to write. It never shows the key.
///
/// Its `Debug` is its text too, since that is what `fn main() -> Result<…>` prints.
///
/// ```
/// match honey::Config::from_env() {
///     Ok(_config) => {}
///     Err(error) => println!("{} is wrong: {error}", error.variable()),
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct EnvError {
    variable: &'static str,
    problem: Cow<'static, str>,
}

impl EnvError {
    fn new(variable: &'static str, problem: impl Into<Cow<'static, str>>) -> Self {
        Self {
            variable,
            problem: problem.into(),
        }
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

    fn good(vars: &[(&str, &str)]) -> Config {
        config(vars).unwrap_or_else(|error| unreachable!("{error}"))
    }

    #[test]
    fn honeycombs_variables_and_then_opentelemetrys() {
        let config = good(&[
            ("HONEYCOMB_API_KEY", " k "),
            ("HONEYCOMB_DATASET", "d"),
            ("HONEYCOMB_API_ENDPOINT", "http://127.0.0.1:8088"),
            ("HONEY_FILTER", "a=off"),
            (
                "OTEL_RESOURCE_ATTRIBUTES",
                "host.name=h%201, service.name = shop,",
            ),
            ("OTEL_SDK_DISABLED", "TRUE"),
        ]);
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
        assert_eq!(config.filters, ["a=off"]);
        assert_eq!(
            config.attributes,
            [("host.name".to_owned(), "h 1".to_owned())]
        );
    }

    #[test]
    fn the_service_has_one_name_and_the_code_the_last_word() {
        let both = [
            ("OTEL_SERVICE_NAME", "named"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=attributed"),
        ];
        assert_eq!(good(&both).service_name, "named");
        assert!(good(&both).attributes.is_empty());
        assert_eq!(good(&both[1..]).service_name, "attributed");
        assert_eq!(good(&both).service_name("coded").service_name, "coded");
        let filters = good(&[("HONEY_FILTER", "a=off")]).filter("a=on").filters;
        assert_eq!(filters, ["a=off", "a=on"], "later wins");
    }

    #[test]
    fn blank_variables_are_missing_ones() {
        let config = good(&[
            ("HONEYCOMB_API_KEY", ""),
            ("HONEYCOMB_API_ENDPOINT", "  "),
            ("HONEY_FILTER", ""),
            ("OTEL_SDK_DISABLED", " "),
        ]);
        assert_eq!(config.api_key, None);
        assert_eq!(config.api_host, super::super::DEFAULT_API_HOST);
        assert!(!config.disabled);
    }

    #[test]
    fn a_value_that_cannot_be_read_is_named_and_answered() {
        for (variable, value, advice) in [
            ("OTEL_SDK_DISABLED", "sure", "`true` or `false`"),
            ("HONEY_FILTER", "db=of", "at character 4"),
            ("OTEL_RESOURCE_ATTRIBUTES", "host.name", "`key=value,"),
            ("OTEL_RESOURCE_ATTRIBUTES", "=x", "`key=value,"),
            ("OTEL_RESOURCE_ATTRIBUTES", "a=100%", "%25"),
            ("OTEL_RESOURCE_ATTRIBUTES", "a=%ff", "UTF-8"),
        ] {
            let error = config(&[("HONEYCOMB_API_KEY", "hunter2"), (variable, value)]).err();
            let text = error.as_ref().map(ToString::to_string).unwrap_or_default();
            assert_eq!(error.map(|error| error.variable()), Some(variable));
            assert!(
                text.contains(variable) && text.contains(advice) && !text.contains("hunter2"),
                "{text}"
            );
        }
    }
}
