//! What the stats say of trouble: no user wonders why nothing arrives.

use std::time::{Duration, Instant};

use honey::{Client, DiagnosticKind, Stats, Waiting};
use honey_test_support::addresses::Refusing;
use honey_test_support::{Act, Answer, Server, until};

use super::{LONG, answers, config};

fn send(client: &Client, events: u64) {
    for n in 0..events {
        let mut event = client.builder().new_event();
        event.add_field("n", n);
        event.send();
    }
}

/// The first destination, once it has this trouble.
fn in_trouble(client: &Client, kind: DiagnosticKind) -> (Waiting, Stats) {
    let mut found = None;
    until("trouble", || {
        let stats = client.stats();
        let waiting = stats.waiting.first();
        let is_so =
            |waiting: &&Waiting| waiting.trouble == Some(kind) && waiting.next_try.is_some();
        let waiting = waiting.filter(is_so).cloned();
        found = waiting.map(|waiting| (waiting, stats));
        found.is_some()
    });
    found.unwrap()
}

#[test]
fn a_pause_has_its_cause_and_its_end() {
    let server = Server::new(|_| {
        let text = "{\"error\":\"request dropped\\u001b[2J due to rate limiting\"}";
        Act::Answer(Answer::new(429, text).header("Retry-After", "60"))
    });
    let client = Client::new(config(server.url()).silent()).unwrap();
    send(&client, 5);
    let (waiting, stats) = in_trouble(&client, DiagnosticKind::Throttled);
    let address = server.address().to_string();
    assert_eq!((&waiting.host, &*waiting.dataset), (&address, "shop"));
    assert_eq!(waiting.why, "429: request dropped [2J due to rate limiting");
    let left = waiting.next_try.unwrap().duration_since(Instant::now());
    assert!(left <= Duration::from_mins(1), "{left:?}");
    let is_said = format!(
        "for {address}, dataset \"shop\": throttled (429: request dropped [2J due to rate limiting), next try in "
    );
    assert!(stats.to_string().contains(&is_said), "{stats}");
    // Nobody was told, and it is there all the same.
    let diagnostic = &stats.diagnostics[0];
    assert_eq!(
        (diagnostic.kind, diagnostic.times),
        (DiagnosticKind::Throttled, 1)
    );
    let advice = "Events wait; consider sampling.";
    assert!(diagnostic.text.ends_with(advice), "{}", diagnostic.text);
    assert!(
        stats.to_string().ends_with("; trouble: throttled 1"),
        "{stats}"
    );
    assert!(format!("{stats:#}").ends_with(advice), "{stats:#}");
    assert_eq!(stats.requests, 1);
    assert!(stats.to_string().contains("; 1 request, "), "{stats}");

    let report = client.close(Duration::ZERO);
    assert!(report.stats.waiting.is_empty(), "{report}");
    assert!(
        report
            .to_string()
            .ends_with("; trouble: close deadline 1, throttled 1"),
        "{report}"
    );
}

#[test]
fn what_keeps_each_destination_from_its_events() {
    let nobody = Refusing::new().unwrap();
    let unknown = answers(401, "who are you");
    let well = Server::new(Act::accept);
    let client = Client::new(config(well.url()).silent()).unwrap();
    for (host, events) in [(nobody.url(), 3), (unknown.url(), 2), (well.url(), 1)] {
        let mut builder = client.builder();
        builder.set_api_host(host);
        for n in 0..events {
            let mut event = builder.new_event();
            event.add_field("n", n);
            event.send();
        }
    }
    let troubles = |stats: &Stats| {
        let waiting = stats.waiting.iter();
        let troubles = waiting.map(|waiting| (waiting.events, waiting.trouble));
        troubles.collect::<Vec<_>>()
    };
    let expected = [
        (3, Some(DiagnosticKind::Unreachable)),
        (2, Some(DiagnosticKind::Unauthorized)),
    ];
    until("two in trouble, one done", || {
        troubles(&client.stats()) == expected
    });
    let stats = client.stats();
    assert_eq!((stats.accepted, stats.pending), (1, 5));
    let diagnosed: Vec<_> = stats.diagnostics.iter().map(|one| one.kind).collect();
    assert!(diagnosed.contains(&DiagnosticKind::Unreachable), "{stats}");
    assert!(diagnosed.contains(&DiagnosticKind::Unauthorized), "{stats}");
    client.close(Duration::ZERO);
}

#[test]
fn when_all_is_well_there_is_little_to_say() {
    let server = Server::new(Act::accept);
    let client = Client::new(config(server.url())).unwrap();
    send(&client, 3);
    assert!(client.flush(LONG));
    let stats = client.close(LONG).stats;
    assert!(
        stats.waiting.is_empty() && stats.diagnostics.is_empty(),
        "{stats}"
    );
    let said = stats.to_string();
    assert!(said.starts_with("created 3 = delivered 3; "), "{said}");
    assert!(said.ends_with(" bytes"), "{said}");
}
