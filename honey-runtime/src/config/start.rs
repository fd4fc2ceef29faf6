//! What a program does that says nothing about where its events go: `Config::or_terminal`, decided and put into words.

use std::env;
use std::io::IsTerminal;

use super::{Config, Output, Service};
use crate::record::{Destination, without_credentials};

/// What becomes of a program that has no key where one is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WithoutKey {
    /// It gets an error.
    Refuse,
    /// Decided, and said, when the client is made.
    Settle,
    /// Decided: there is no terminal either.
    RecordNothing,
}

impl Config {
    /// Does without a key: where there is none, events are drawn as trees on stderr if that is a terminal, and nothing is
    /// recorded if it is not. One line says at the start what is done, and why.
    ///
    /// | what there is | what is done |
    /// |---|---|
    /// | a key | events are sent to `api_host` |
    /// | no key, and an `api_host` on this machine | the same: it needs no key |
    /// | no key, and stderr is a terminal | [`Tree::stderr`](crate::transmission::Tree::stderr) draws them |
    /// | neither | nothing is recorded, as with [`disabled`](Config::disabled); the program runs |
    /// | a transmission, an empty `api_host`, `disabled` | what they say |
    ///
    /// Without this, [`init`](crate::init) refuses a missing key: what a service in production may prefer.
    ///
    /// A program that neither [`service`](Config::service) nor [`service_name`](Config::service_name) nor the environment names is
    /// called by the name of its executable. The line is a diagnostic like others ([`DiagnosticKind::Started`]): it goes to stderr,
    /// to [`on_diagnostic`](Config::on_diagnostic), or nowhere with [`silent`](Config::silent). `init` waits until it is said, for
    /// half a second at most. [`Client::new`](crate::Client::new) decides the same, and says nothing.
    ///
    /// [`DiagnosticKind::Started`]: crate::DiagnosticKind::Started
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let config = honey::Config::from_env()?.service(honey::service!()).or_terminal();
    /// let _honey = honey::init(config.sample_rate(10).silent())?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn or_terminal(mut self) -> Self {
        self.without_key = WithoutKey::Settle;
        self
    }

    /// Settles what was left open: the service's name, and where events go. True: what is done is to be said.
    pub(crate) fn settle(&mut self) -> bool {
        let is_to_be_said = self.without_key == WithoutKey::Settle;
        if self.service_name.trim().is_empty() {
            let name = self.service.as_ref().map(Service::name).map(str::to_owned);
            let name = name.or_else(|| is_to_be_said.then(program_name).flatten());
            self.service_name = name.unwrap_or_default();
        }
        if is_to_be_said && !self.disabled && self.lacks_key() {
            if std::io::stderr().is_terminal() {
                self.output = Output::Terminal;
            } else {
                self.disabled = true;
                self.without_key = WithoutKey::RecordNothing;
            }
        }
        is_to_be_said
    }

    /// Whether events would be sent to a server that asks for a key, and there is none.
    fn lacks_key(&self) -> bool {
        let has_key = self
            .api_key
            .as_ref()
            .is_some_and(|key| !key.trim().is_empty());
        let api_host = self.api_host.trim();
        matches!(self.output, Output::Honeycomb)
            && !has_key
            && !api_host.is_empty()
            // A URL that cannot be read is said in words of its own.
            && Destination::way_to(api_host).is_ok_and(|way| !way.is_loopback)
    }

    /// What is done, in one line; `to` is where events are sent.
    pub(crate) fn start_line(&self, to: Option<&Destination>) -> String {
        if self.without_key == WithoutKey::RecordNothing {
            return "recording nothing, since HONEYCOMB_API_KEY is not set and stderr is no terminal to draw on: set the key, or \
                    HONEYCOMB_API_ENDPOINT=http://127.0.0.1:8088 for honey-local; OTEL_SDK_DISABLED=true says that this is meant"
                .to_owned();
        }
        let Some(to) = to.filter(|_| !self.disabled) else {
            return "recording nothing, since OTEL_SDK_DISABLED or the program says so".to_owned();
        };
        match &self.output {
            Output::Terminal => format!(
                "drawing events on this terminal, since HONEYCOMB_API_KEY is not set; with it they go to {}",
                without_credentials(self.api_host.trim())
            ),
            Output::Transmission(_) => {
                "giving events to the transmission that the program chose".to_owned()
            }
            Output::Honeycomb if !to.api_host.trim().is_empty() => {
                let why = if to.api_key.is_empty() {
                    "which is this machine and needs no key"
                } else {
                    "since there is an API key"
                };
                format!(
                    "sending events to {}, dataset {:?}, {why}",
                    without_credentials(&to.api_host),
                    to.dataset
                )
            }
            Output::Honeycomb | Output::Nowhere => {
                "discarding events, since `api_host` is empty".to_owned()
            }
        }
    }
}

/// The executable's name: what `cargo run` built is called as its crate.
fn program_name() -> Option<String> {
    let path = env::current_exe().ok()?;
    let name = path.file_stem()?.to_str()?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transmission::Discard;

    /// What is done where stderr is no terminal, as in CI, or is one: both need no key.
    fn settled(mut config: Config) -> String {
        assert!(config.settle());
        let to = Destination {
            api_host: config.api_host.clone(),
            api_key: config.api_key.clone().unwrap_or_default(),
            dataset: config.service_name.clone(),
        };
        config.start_line(Some(&to))
    }

    #[test]
    fn what_is_done_and_why() {
        let bare = Config::without_key().service_name("shop").or_terminal();
        for (config, expected) in [
            (
                bare.clone().api_host("http://127.0.0.1:8088"),
                "sending events to http://127.0.0.1:8088, dataset \"shop\", which is this machine and needs no key",
            ),
            (
                bare.clone().disabled(true),
                "recording nothing, since OTEL_SDK_DISABLED",
            ),
            (bare.clone().api_host(" "), "discarding events"),
            (
                bare.clone().transmission(Discard),
                "giving events to the transmission",
            ),
            (bare.clone(), "since HONEYCOMB_API_KEY is not set"),
            (
                Config::new("hunter2").service_name("shop").or_terminal(),
                "sending events to https://api.honeycomb.io, dataset \"shop\", since there is an API key",
            ),
        ] {
            let said = settled(config);
            assert!(said.contains(expected), "{said}");
            assert!(!said.contains("hunter2") && !said.contains('\n'), "{said}");
        }
    }

    #[test]
    fn the_service_is_named_by_the_code_then_the_crate_then_the_executable() {
        let service = Service::new("crate", "1");
        let named = |mut config: Config| {
            config.settle();
            config.service_name
        };
        let bare = Config::without_key();
        assert_eq!(named(bare.clone()), "");
        assert_eq!(named(bare.clone().service(service)), "crate");
        assert_eq!(
            named(bare.clone().service(service).service_name("code")),
            "code"
        );
        assert!(!named(bare.or_terminal()).is_empty());
    }
}
