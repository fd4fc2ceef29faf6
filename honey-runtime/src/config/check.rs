//! From what the user said to what the parts need, or to an error that says what to write instead.

use std::time::Duration;

use super::{Config, DEFAULT_FIELDS, Output};
#[cfg(feature = "zstd")]
use crate::compression::Compression;
use crate::error::InitError;
use crate::filter::Filter;
use crate::record::{Destination, Way, is_classic};

/// The largest event Honeycomb takes today.
const MAX_EVENT_BYTES: usize = 1_000_000;
/// The least that lets one event of any kind through.
const MIN_EVENT_BYTES: usize = 1_000;
/// The dataset of events that nobody named, as in the official clients.
const NO_NAME: &str = "unknown_dataset";
/// What zstd offers.
#[cfg(feature = "zstd")]
const ZSTD_LEVELS: std::ops::RangeInclusive<i32> = 1..=22;
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
    pub(crate) filter: Filter,
    pub(crate) responses_capacity: usize,
    /// A remark that does not keep the client from working.
    pub(crate) warning: Option<String>,
    pub(crate) config: Config,
}

/// Checks a configuration that is not disabled.
pub(crate) fn check(mut config: Config) -> Result<Checked, InitError> {
    check_numbers(&config)?;
    check_recording(&config)?;
    if let Some(tail) = &config.tail {
        tail.check((config.max_pending_events, config.max_pending_bytes))
            .map_err(InitError::config)?;
    }
    #[cfg(feature = "http")]
    config.network.check()?;
    let filter = Filter::parse(config.filters.iter().map(String::as_str))
        .map_err(|error| InitError::config(format!("`filter` cannot be used: {error}")))?;
    clamp(&mut config);
    if matches!(config.output, Output::Honeycomb) && config.api_host.trim().is_empty() {
        config.output = Output::Nowhere;
    }
    let destination = destination(&mut config)?;
    let mut warning = None;
    if matches!(config.output, Output::Honeycomb) {
        let way = destination.check().map_err(InitError::config)?;
        warning = remark(way, &config);
    } else {
        destination.check_texts().map_err(InitError::config)?;
    }
    let responses_capacity = config.responses_capacity.unwrap_or_else(|| {
        config
            .max_pending_events
            .saturating_mul(2)
            .min(MAX_DEFAULT_RESPONSES)
    });
    Ok(Checked {
        destination,
        filter,
        responses_capacity,
        warning,
        config,
    })
}

fn destination(config: &mut Config) -> Result<Destination, InitError> {
    let api_key = config
        .api_key
        .take()
        .map(|key| key.trim().to_owned())
        .unwrap_or_default();
    Ok(Destination {
        api_host: config.api_host.trim().to_owned(),
        dataset: effective_dataset(&api_key, config)?,
        api_key,
    })
}

/// What works, but perhaps not as it is meant.
fn remark(way: Way, config: &Config) -> Option<String> {
    if !way.is_encrypted && !way.is_loopback {
        return Some(
            "`api_host` is `http://` to another machine: the key travels unencrypted; use `https://`"
                .to_owned(),
        );
    }
    let is_nameless = config.dataset.trim().is_empty() && config.service_name.trim().is_empty();
    (is_nameless && !way.is_loopback).then(|| {
        format!(
            "neither a dataset nor a service name is set: events go to the dataset `{NO_NAME}`. Call `.service_name(\"…\")` or set \
             OTEL_SERVICE_NAME"
        )
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
    if config.max_age.is_zero() {
        return no(
            "`max_age` 0 means that every event is too old before it is sent: write more (default 60 s)",
        );
    }
    if config.responses_capacity == Some(0) {
        return no(
            "`responses_capacity` 0 leaves no room for a response: write 1 or more, or leave it out; without `responses()` and \
             `on_response` none is kept anyway",
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

fn check_recording(config: &Config) -> Result<(), InitError> {
    let is_default = |name: &&String| DEFAULT_FIELDS.contains(&name.as_str());
    if let Some(name) = config
        .left_out_defaults
        .iter()
        .find(|name| !is_default(name))
    {
        return Err(InitError::config(format!(
            "`without_default_field({name:?})`: there is no default field of this name; they are {}",
            DEFAULT_FIELDS.join(", ")
        )));
    }
    if config.shape.flatten_depth == 0 {
        return Err(InitError::config(
            "`flatten_depth` must be 1 or more (default 5): 1 spreads the top level alone; for one field with all of it as JSON use \
             `add_field(\"name\", honey::json(&value))`"
                .to_owned(),
        ));
    }
    #[cfg(feature = "zstd")]
    if let Compression::Zstd(level) = config.compression {
        if !ZSTD_LEVELS.contains(&level) {
            return Err(InitError::config(format!(
                "`Compression::Zstd({level})`: the level must be between 1 and 22 (default 1; more costs much CPU for few bytes)"
            )));
        }
    }
    Ok(())
}

/// The dataset in force: trimmed; the service's name if there is none. Source: the official clients.
fn effective_dataset(api_key: &str, config: &Config) -> Result<String, InitError> {
    let dataset = config.dataset.trim();
    if !dataset.is_empty() {
        return Ok(dataset.to_owned());
    }
    if is_classic(api_key) {
        return Err(InitError::config(
            "this is a classic API key, which needs a dataset: call `.dataset(\"…\")` or set HONEYCOMB_DATASET".to_owned(),
        ));
    }
    let service_name = config.service_name.trim();
    let dataset = if service_name.is_empty() {
        NO_NAME
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
            (Config::new("k").dataset("d\nX: y"), "control characters"),
            (
                Config::new("k").service_name("a\u{7f}b"),
                "control characters",
            ),
            (Config::new("k").max_pending_events(0), ".disabled(true)"),
            (Config::new("k").max_pending_bytes(0), ".disabled(true)"),
            (Config::new("k").request_timeout(Duration::ZERO), "above 0"),
            (Config::new("k").connect_timeout(Duration::ZERO), "above 0"),
            (Config::new("k").max_age(Duration::ZERO), "60 s"),
            (Config::new("k").max_tries(0), "leave it out"),
            (Config::new("k").responses_capacity(0), "1 or more"),
            (Config::new("k").flatten_depth(0), "1 spreads the top level"),
            (Config::new("k").without_default_field("host"), "host.name"),
            (Config::new("k").filter("db::*=of"), "at character 7"),
            (Config::new("k").filter("a=off").filter("b"), "NAME=off"),
        ] {
            let said = error(config);
            assert!(said.contains(advice), "{said:?} should name {advice:?}");
        }
    }

    #[cfg(feature = "zstd")]
    #[test]
    fn zstd_levels_are_zstds() {
        for (level, is_fine) in [(0, false), (1, true), (22, true), (23, false)] {
            let said = error(Config::new("k").compression(Compression::Zstd(level)));
            assert_eq!(said.is_empty(), is_fine, "{said}");
            assert!(is_fine || said.contains("between 1 and 22"), "{said}");
        }
    }

    #[cfg(feature = "http")]
    #[test]
    fn what_http_cannot_carry_is_refused_and_not_repeated() {
        for (config, advice) in [
            (Config::new("k").proxy("hunter2:3128"), "http://proxy"),
            (
                Config::new("k").proxy("socks5://u:hunter2@h"),
                "http://proxy",
            ),
            (Config::new("k").proxy("http://u:hunter2@"), "http://proxy"),
            (
                Config::new("k").proxy("http://h\r\nhunter2"),
                "http://proxy",
            ),
            (Config::new("k").header("X-A", "hunter2\r\nX-B: c"), "X-A"),
            (Config::new("k").header("X-A: b", "hunter2"), "X-Gateway"),
            (Config::new("k").header("", "hunter2"), "X-Gateway"),
            (
                Config::new("k").header("x-honeycomb-TEAM", "hunter2"),
                "Config::new",
            ),
            (
                Config::new("k").header("User-Agent", "hunter2"),
                "user_agent_addition",
            ),
        ] {
            let shown = format!("{config:?}");
            let said = error(config);
            assert!(said.contains(advice), "{said:?} should name {advice:?}");
            assert!(!said.contains("hunter2"), "{said}");
            let is_unreadable = shown.contains("hunter2:3128") || shown.contains("h\\r\\nhunter2");
            assert!(is_unreadable || !shown.contains("hunter2"), "{shown}");
        }
        for proxy in ["", "http://proxy:3128", "https://u:p%40ss@proxy"] {
            assert_eq!(error(Config::new("k").proxy(proxy)), "", "{proxy}");
        }
    }

    #[test]
    fn an_event_that_nobody_will_find_is_worth_a_remark() {
        let warning = |config| check(config).ok().and_then(|checked| checked.warning);
        let nameless = warning(Config::new("k")).unwrap_or_default();
        assert!(nameless.contains("OTEL_SERVICE_NAME"), "{nameless}");
        let open = warning(Config::new("k").dataset("d").api_host("http://example.org"));
        assert!(open.unwrap_or_default().contains("https://"));
        for quiet in [
            Config::new("k").service_name("s"),
            Config::new("k").dataset("d"),
            Config::new("k").transmission(crate::transmission::Discard),
            Config::new("k").api_host("http://localhost:8088"),
        ] {
            assert_eq!(warning(quiet), None);
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
