//! Events of threads that end, in a binary of its own, since it uses the global client.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::thread;

/// Sends events when its thread is destroyed.
struct Last(Option<honey::Client>);

impl Drop for Last {
    fn drop(&mut self) {
        let mut event = honey::Event::new();
        event.add_field("from", "a destructor");
        event.send();
        let scope = honey::start_child("timed in a destructor");
        scope.handle().add_field("seen", true);
        drop(scope);
        if let Some(client) = self.0.take() {
            let mut event = client.builder().new_event();
            event.add_field("from", "a destructor, by a client of its own");
            event.send();
        }
    }
}

thread_local! {
    static LAST: std::cell::RefCell<Option<Last>> = const { std::cell::RefCell::new(None) };
}

/// Destructors of thread-locals run in the reverse order of first use: `LAST` outlives honey's own state.
#[test]
fn events_of_a_thread_that_is_being_destroyed_are_sent() {
    let lines = Lines::default();
    let config = honey::Config::new("k")
        .transmission(honey::transmission::Writer::new(lines.clone()))
        .dataset("d");
    let guard = honey::init(config).unwrap();
    let client = guard.client().clone();
    thread::spawn(move || {
        LAST.with(|last| *last.borrow_mut() = Some(Last(Some(client))));
        honey::in_child_event("alive", || ());
    })
    .join()
    .unwrap();
    let report = guard.close(std::time::Duration::from_secs(60));
    assert_eq!(
        (report.stats.created, report.stats.accepted),
        (4, 4),
        "{report}"
    );
    assert!(report.stats.is_balanced());
    let written = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for expected in [
        "a destructor\"",
        "timed in a destructor",
        "by a client of its own",
        "alive",
    ] {
        assert!(written.contains(expected), "{expected} in {written}");
    }
}

/// What a writer transmission wrote.
#[derive(Clone, Default)]
struct Lines(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
