//! SIGTERM with the handler that is documented, in `examples/graceful_shutdown.rs`: nothing is lost at a thousand events a second.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::{Command, Stdio};
use std::time::Duration;

use honey_local::Server;
use honey_test_support::{example, unless_it_stands_still};

const LONG: Duration = Duration::from_mins(1);
/// What is not answered for ten seconds is sent again, and may arrive twice.
const STALL: Duration = Duration::from_secs(5);

#[test]
fn asked_to_end_at_a_thousand_events_a_second_nothing_is_lost() {
    unless_it_stands_still(STALL, || {
        let server = Server::start().unwrap();
        let program = example("graceful_shutdown")
            .arg("--until-asked")
            .env("HONEYCOMB_API_ENDPOINT", server.url())
            .env("HONEYCOMB_API_KEY", concat!("honeykey", "4test"))
            .env_remove("OTEL_SDK_DISABLED")
            .env_remove("HONEY_FILTER")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        server.wait_for_events(1_000, LONG).unwrap();
        let killed = Command::new("kill")
            .args(["-TERM", &program.id().to_string()])
            .status();
        assert!(killed.unwrap().success());
        let output = program.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{} {said}", output.status);
        assert!(said.contains("in time: true, balanced: true"), "{said}");
        let events = server.events();
        let delivered = format!("created {0} = delivered {0}", events.len());
        assert!(said.contains(&delivered), "{delivered}: {said}");
        for worker in 1..=3 {
            let of_worker = events
                .iter()
                .filter(|event| event.u64("worker") == Some(worker));
            let mut numbers: Vec<_> = of_worker.filter_map(|event| event.u64("number")).collect();
            numbers.sort_unstable();
            let all: Vec<_> = (1..=numbers.len() as u64).collect();
            assert_eq!(numbers, all, "worker {worker}");
        }
    });
}
