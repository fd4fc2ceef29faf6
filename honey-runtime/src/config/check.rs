//! From what the user said to what the parts need, or to an error that says what to write instead.

use std::time::Duration;

use super::{Config, Output, endpoint, key};
use crate::error::InitError;
use crate::record::Destination;

/// The largest event Honeycomb takes today.
const MAX_EVENT_BYTES: usize = 1_000_000;
/// The least that lets one event of any kind through.
const MIN_EVENT_BYTES: usize = 1_000;
/// Responses kept unless told otherwise, at most.
const MAX_DEFAULT_RESPONSES: usize = 20_000;

/// Responses kept, at most: their queue is allocated when it is first asked for.
const MAX_RESPONSES: usize = 1_000_000;
/// As good as for ever.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);
/// Sweeping more often costs a whole processor, and sends nothing sooner.
const SHORTEST_SWEEP: Duration = Duration::from_millis(1);

/// A configuration that can work.
pub(crate) struct Checked {
    pub(crate) destination: Destination,
    pub(crate) responses_capacity: usize,
    /// A remark that does not keep the client from working.
    pub(crate) warning: Option<String>,
    pub(crate) config: Config,
}

/// Checks a configuration that is not disabled.
pub(crate) fn check(mut config: Config) -> Result<Checked, InitError> {
    check_numbers(&config)?;
    clamp(&mut config);
    let leads_elsewhere = !matches!(config.output, Output::Honeycomb);
    let goes_nowhere = config.api_host.trim().is_empty();
    let mut needs_key = false;
    let mut warning = None;
    if goes_nowhere && !leads_elsewhere {
        config.output = Output::Nowhere;
    } else if !leads_elsewhere {
        config.api_host = config.api_host.trim().to_owned();
        let endpoint = endpoint::read(&config.api_host).map_err(|problem| {
            // A URL that is wrong may hold a password: it is not repeated.
            InitError::config(format!(
                "`api_host` cannot be used: {problem}. Write, for example, `https://api.honeycomb.io`, \
                 or an empty string to discard events"
            ))
        })?;
        needs_key = !endpoint.is_loopback;
        if !endpoint.is_encrypted && !endpoint.is_loopback {
            warning = Some(
                "`api_host` is `http://` to another machine: the key travels unencrypted; use `https://`".to_owned(),
            );
        }
    }
    let api_key = config
        .api_key
        .take()
        .map(|key| key.trim().to_owned())
        .unwrap_or_default();
    check_key(&api_key, needs_key)?;
    let dataset = effective_dataset(&api_key, &config)?;
    let responses_capacity = config.responses_capacity.unwrap_or_else(|| {
        config
            .max_pending_events
            .saturating_mul(2)
            .min(MAX_DEFAULT_RESPONSES)
    });
    let destination = Destination {
        api_host: config.api_host.clone(),
        api_key,
        dataset,
    };
    Ok(Checked {
        destination,
        responses_capacity,
        warning,
        config,
    })
}

/// Brings what means "no limit" within what clocks and memory can express.
fn clamp(config: &mut Config) {
    for duration in [
        &mut config.send_frequency,
        &mut config.request_timeout,
        &mut config.connect_timeout,
        &mut config.max_age,
    ] {
        *duration = (*duration).min(LONGEST);
    }
    config.send_frequency = config.send_frequency.max(SHORTEST_SWEEP);
    config.block_on_send = config.block_on_send.map(|longest| longest.min(LONGEST));
    config.responses_capacity = config
        .responses_capacity
        .map(|most| most.min(MAX_RESPONSES));
    if config.max_batch_size == 0 {
        // Unlimited by count: bytes and time bound a batch.
        config.max_batch_size = usize::MAX;
    }
}

fn check_key(api_key: &str, needs_key: bool) -> Result<(), InitError> {
    if needs_key && api_key.is_empty() {
        return Err(InitError::config(
            "no API key: set HONEYCOMB_API_KEY and use `Config::from_env()?`, or give it to `Config::new`. To run without \
             sending, set OTEL_SDK_DISABLED=true or call `.disabled(true)`; a local server on loopback needs no key"
                .to_owned(),
        ));
    }
    if !key::is_sendable(api_key) {
        return Err(InitError::config(
            "the API key contains blanks, control characters or characters outside ASCII: copy it again from Honeycomb, \
             without line ends or quotes"
                .to_owned(),
        ));
    }
    Ok(())
}

fn check_numbers(config: &Config) -> Result<(), InitError> {
    let no = |text: &str| Err(InitError::config(text.to_owned()));
    if config.max_batch_size == 0 && config.send_frequency.is_zero() {
        return no(
            "`max_batch_size` 0 and `send_frequency` 0 together mean that nothing is ever sent: leave both at their \
             defaults (8,192 events, 100 ms), or set at least one above 0",
        );
    }
    if config.max_concurrent_batches == 0 {
        return no(
            "`max_concurrent_batches` 0 means that nothing is ever sent: write 1 or more (default 8)",
        );
    }
    if config.max_pending_events == 0 || config.max_pending_bytes == 0 {
        return no(
            "`max_pending_events` or `max_pending_bytes` 0 means that every event is dropped: write more, or \
             `.disabled(true)` if that is what you want",
        );
    }
    if !(MIN_EVENT_BYTES..=MAX_EVENT_BYTES).contains(&config.max_event_bytes) {
        return no(
            "`max_event_bytes` must be between 1,000 and 1,000,000, what Honeycomb takes (default 100,000)",
        );
    }
    if config.request_timeout.is_zero() || config.connect_timeout.is_zero() {
        return no(
            "`request_timeout` and `connect_timeout` must be above 0 (defaults 10 s and 5 s)",
        );
    }
    if config.max_tries == Some(0) {
        return no(
            "`max_tries` 0 means that nothing is ever sent: write 1 or more, or leave it out",
        );
    }
    if config
        .user_agent_addition
        .bytes()
        .any(|byte| !matches!(byte, b' '..=b'~'))
    {
        return no("`user_agent_addition` must be printable ASCII, such as `my-library/1.2`");
    }
    Ok(())
}

/// The dataset in force: trimmed; the service's name if there is none. Source: the official clients.
fn effective_dataset(api_key: &str, config: &Config) -> Result<String, InitError> {
    let dataset = config.dataset.trim();
    if !dataset.is_empty() {
        return Ok(dataset.to_owned());
    }
    if key::is_classic(api_key) {
        return Err(InitError::config(
            "this is a classic API key, which needs a dataset: call `.dataset(\"…\")` or set HONEYCOMB_DATASET".to_owned(),
        ));
    }
    let service_name = config.service_name.trim();
    let dataset = if service_name.is_empty() {
        "unknown_dataset"
    } else {
        service_name
    };
    Ok(dataset.to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn error(config: Config) -> String {
        check(config)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    fn dataset(config: Config) -> String {
        check(config)
            .map(|checked| checked.destination.dataset)
            .unwrap_or_default()
    }

    const CLASSIC: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn each_mistake_says_what_to_do() {
        for (config, advice) in [
            (Config::new(""), "HONEYCOMB_API_KEY"),
            (Config::without_key(), ".disabled(true)"),
            (Config::new(CLASSIC), "HONEYCOMB_DATASET"),
            (
                Config::new("k").api_host("api.honeycomb.io"),
                "https://api.honeycomb.io",
            ),
            (
                Config::new("k")
                    .max_batch_size(0)
                    .send_frequency(Duration::ZERO),
                "defaults",
            ),
            (Config::new("k\nX: y"), "copy it again"),
            (Config::new("k").max_concurrent_batches(0), "1 or more"),
            (Config::new("k").max_event_bytes(2_000_000), "1,000,000"),
            (
                Config::new("k").user_agent_addition("a\r\nb"),
                "printable ASCII",
            ),
        ] {
            let said = error(config);
            assert!(said.contains(advice), "{said:?} should name {advice:?}");
        }
    }

    #[test]
    fn errors_do_not_repeat_a_key_or_a_password() {
        assert!(!error(Config::new("se cret")).contains("se cret"));
        assert!(!error(Config::new("k").api_host("https://user:hunter2@host")).contains("hunter2"));
    }

    #[test]
    fn a_key_is_needed_only_where_it_is_sent() {
        for config in [
            Config::without_key().api_host("http://127.0.0.1:8088"),
            Config::without_key().api_host(""),
            Config::without_key().transmission(crate::transmission::Discard),
        ] {
            assert!(check(config).is_ok());
        }
    }

    #[test]
    fn the_dataset_is_given_or_the_services_or_unknown() {
        assert_eq!(
            dataset(Config::new("k").dataset(" shop ").service_name("s")),
            "shop"
        );
        assert_eq!(
            dataset(Config::new("k").service_name("checkout")),
            "checkout"
        );
        assert_eq!(dataset(Config::new("k")), "unknown_dataset");
        assert_eq!(dataset(Config::new(CLASSIC).dataset("d")), "d");
    }
}
