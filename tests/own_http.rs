//! honey's own threads are never instrumented, whatever is said there.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tracing::info_span;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

const ROUNDS: usize = 5;

/// How much was said on honey's own threads, by `tracing` and by `log`.
static HEARD: AtomicUsize = AtomicUsize::new(0);

fn is_honeys() -> bool {
    std::thread::current()
        .name()
        .is_some_and(|name| name.starts_with("honey-"))
}

struct Hears;

impl<S: tracing::Subscriber> Layer<S> for Hears {
    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        if is_honeys() {
            HEARD.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl log::Log for Hears {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, _: &log::Record<'_>) {
        if is_honeys() {
            HEARD.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn flush(&self) {}
}

/// With every level on, everywhere, and lines sent even outside of events: what reqwest, hyper and rustls say while events are sent
/// becomes no event. Otherwise each request would make the next one.
#[test]
fn sending_says_nothing_about_itself() {
    let subscriber = tracing_subscriber::registry()
        .with(honey::tracing::layer().stand_alone(true))
        .with(Hears);
    tracing::subscriber::set_global_default(subscriber).unwrap();
    honey::log::Logger::new()
        .level(log::LevelFilter::Trace)
        .stand_alone(true)
        .then(Hears, log::LevelFilter::Trace)
        .install()
        .unwrap();
    let server = honey_local::Server::start().unwrap();
    let config = honey::Config::new(concat!("honey", "key4test"))
        .api_host(server.url())
        // What is given up is sent again, and may arrive twice.
        .request_timeout(Duration::from_mins(1))
        .dataset("own-http");
    // The global client, for what is said on a thread without another.
    let guard = honey::init(config).unwrap();
    for _ in 0..ROUNDS {
        info_span!("work").in_scope(|| tracing::trace!("line"));
        assert!(honey::flush(Duration::from_mins(1)));
    }
    let report = guard.close(Duration::from_mins(1));
    assert!(report.in_time && report.stats.is_balanced(), "{report}");
    assert!(
        HEARD.load(Ordering::Relaxed) > 0,
        "nothing was said, so that nothing is shown"
    );
    let names: Vec<String> = server
        .events()
        .iter()
        .map(|event| event.data["name"].to_string())
        .collect();
    let of_honeys = |name: &&String| !["\"work\"", "\"line\""].contains(&name.as_str());
    assert_eq!(names.iter().find(of_honeys), None, "{names:?}");
    assert_eq!(names.len(), 2 * ROUNDS, "{names:?}");
}
