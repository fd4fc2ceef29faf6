//! What [`Stats`] say, word for word.

use super::*;
use crate::diagnostics::DiagnosticKind;
use crate::response::{DiscardReason, DropReason};

fn soon(now: Instant, ms: u64) -> Instant {
    now + Duration::from_millis(ms)
}

/// Everything that there is to say.
fn all_of_it(now: Instant) -> Stats {
    let mut stats = Stats {
        created: 1_000,
        sampled_out: 10,
        accepted: 900,
        unconfirmed: 5,
        rejected: 3,
        pending: 80,
        held: 20,
        decided_early: 2,
        open: 4,
        late_fields: 1,
        refused_fields: 2,
        reentrant: 3,
        user_panics: 4,
        bad_values: 5,
        renamed_fields: 6,
        truncated: 7,
        refused_contexts: 9,
        unread_responses: 8,
        requests: 14,
        retries: 2,
        body_bytes: 18_637,
        ..Stats::default()
    };
    stats.discarded.add(DiscardReason::Unsent, 1);
    stats.dropped.add(DropReason::MaxAge, 1);
    let waiting = |events, requests| Waiting {
        host: "api.honeycomb.io".to_owned(),
        dataset: "shop".to_owned(),
        events,
        requests,
        trouble: None,
        why: String::new(),
        next_try: None,
    };
    stats.waiting = vec![
        Waiting {
            trouble: Some(DiagnosticKind::Throttled),
            why: "429: request dropped due to rate limiting".to_owned(),
            next_try: Some(soon(now, 12_400)),
            ..waiting(70, 0)
        },
        Waiting {
            dataset: "audit".to_owned(),
            trouble: Some(DiagnosticKind::Unauthorized),
            why: "401".to_owned(),
            ..waiting(5, 1)
        },
        Waiting {
            host: "localhost:8080".to_owned(),
            ..waiting(3, 2)
        },
        Waiting {
            host: String::new(),
            dataset: String::new(),
            ..waiting(1, 0)
        },
    ];
    stats.diagnostics = vec![
        Diagnostic {
            kind: DiagnosticKind::Throttled,
            times: 2,
            last: now,
            text: "the server asks to slow down. Events wait; consider sampling.".to_owned(),
        },
        Diagnostic {
            kind: DiagnosticKind::Unauthorized,
            times: 1,
            last: now,
            text: "the server refuses the API key.".to_owned(),
        },
    ];
    stats
}

#[test]
fn in_one_line() {
    let now = Instant::now();
    assert_eq!(
        all_of_it(now).line(now),
        "created 1000 = delivered 905 (5 unconfirmed) + rejected 3 + sampled out 10 + discarded 1 (unsent 1) + dropped 1 (max age 1) \
         + pending 80 (20 held); 4 open; 14 requests, 2 of them retries, 18.2 KiB; late fields 1, refused fields 2, renamed fields 6, reentrant \
         fields 3, bad values 5, truncated events 7, user panics 4, traces decided early 2, refused contexts 9, unread responses 8; 70 events wait for api.honeycomb.io, dataset \
         \"shop\": throttled (429: request dropped due to rate limiting), next try in 12 s; 5 events wait for api.honeycomb.io, \
         dataset \"audit\": unauthorized (401), trying now; 3 events wait for localhost:8080, dataset \"shop\": 2 requests under way; \
         1 event waits for the transmission: not sent yet; trouble: throttled 2, unauthorized 1"
    );
}

#[test]
fn in_a_few_lines_with_what_to_do() {
    let now = Instant::now();
    let later = soon(now, 3_100);
    let lines = all_of_it(now).lines(later);
    assert_eq!(
        lines[1..4],
        [
            "4 open",
            "14 requests, 2 of them retries, 18.2 KiB",
            "late fields 1, refused fields 2, renamed fields 6, reentrant fields 3, bad values 5, truncated events 7, user panics 4, \
             traces decided early 2, refused contexts 9, unread responses 8",
        ]
    );
    assert_eq!(
        lines[4..],
        [
            "70 events wait for api.honeycomb.io, dataset \"shop\": throttled (429: request dropped due to rate limiting), next try \
             in 9.3 s",
            "5 events wait for api.honeycomb.io, dataset \"audit\": unauthorized (401), trying now",
            "3 events wait for localhost:8080, dataset \"shop\": 2 requests under way",
            "1 event waits for the transmission: not sent yet",
            "throttled 2 times, last 3.1 s ago: the server asks to slow down. Events wait; consider sampling.",
            "unauthorized 1 time, last 3.1 s ago: the server refuses the API key.",
        ]
    );
    let stats = all_of_it(now);
    assert_eq!(format!("{stats:#}").lines().count(), lines.len());
    assert_eq!(stats.to_string().lines().count(), 1);
}

#[test]
fn what_is_0_is_left_out_and_an_imbalance_shows() {
    let mut stats = Stats {
        created: 5,
        accepted: 2,
        unconfirmed: 1,
        ..Stats::default()
    };
    assert_eq!(Stats::default().to_string(), "created 0 = delivered 0");
    stats.dropped.add(DropReason::QueueFull, 2);
    assert!(stats.is_balanced());
    let balanced = "created 5 = delivered 3 (1 unconfirmed) + dropped 2 (queue full 2)";
    assert_eq!(stats.to_string(), balanced);
    assert_eq!(format!("{stats:#}"), balanced);
    stats.pending = 1;
    assert!(!stats.is_balanced());
    assert!(stats.to_string().starts_with("created 5 ≠ "));
}

#[test]
fn bytes_in_the_unit_that_fits() {
    for (number, words) in [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1_023, "1023 bytes"),
        (1_024, "1.0 KiB"),
        (5 * 1_024 * 1_024, "5.0 MiB"),
    ] {
        assert_eq!(bytes(number), words);
    }
}
