//! What needs no server: discarding, writing, epochs, closing, responses.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use crate::dispatch::Ship;
use crate::record::{Chunk, EventRecord, FieldBuffer, KeyRef, Scalar};
use crate::response::{DiscardReason, DropReason, Outcome};
use crate::sender::testing::rig::{Rig, quick, scope};
use crate::sender::testing::{ALWAYS, Put, TRAP, fields, numbered, record, with_metadata};
use crate::sender::{Settings, TransportKind};
use crate::sync::{Arc, Mutex, Ordering};
use crate::transmission::Writer;

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Takes three lines and a half, then fails or panics.
struct Full {
    lines: usize,
    panics: bool,
}

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.lines > 0 {
            assert!(!self.panics, "a test of a writer that panics");
            return Err(io::Error::other("disk full"));
        }
        let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        let third = ends.map(|(place, _)| place).nth(2).unwrap_or(0);
        self.lines = 3;
        Ok(third + 10)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn lines(writer: impl Write + Send + 'static) -> TransportKind {
    TransportKind::Transmission(Box::new(Writer::new(writer)))
}

#[test]
fn discard_settles_at_once_and_says_so() {
    let rig = Rig::new(quick(), TransportKind::Nowhere);
    rig.offer_numbered("https://nowhere", 7);
    let stats = rig.settled();
    assert_eq!(stats.discarded.by(DiscardReason::NoDestination), 7);
    rig.close();
}

#[test]
fn a_writer_gets_a_line_for_each_event() {
    let out = Shared::default();
    let rig = Rig::new(quick(), lines(out.clone()));
    rig.offer_numbered("", 3);
    assert_eq!(rig.settled().accepted, 3);
    rig.close();
    let text = String::from_utf8_lossy(&out.0.lock()).into_owned();
    let first = r#"{"time":"2006-01-02T15:04:05.999999999Z","dataset":"d","data":{"n":0}}"#;
    assert_eq!(
        (text.lines().next(), text.lines().count()),
        (Some(first), 3)
    );
}

#[test]
fn a_writer_that_fails_half_way_costs_what_it_did_not_take_and_one_that_panics_its_batch() {
    for panics in [false, true] {
        let rig = Rig::new(quick(), lines(Full { lines: 0, panics }));
        rig.offer_numbered("", 5);
        let stats = rig.settled();
        assert_eq!(
            (stats.accepted, stats.dropped.by(DropReason::Transmission)),
            if panics { (0, 5) } else { (3, 2) }
        );
        rig.close();
        assert_eq!(rig.said().len(), 1);
    }
}

#[test]
fn events_without_fields_are_refused_and_the_others_go() {
    let rig = Rig::new(quick(), lines(io::sink()));
    let scope = scope("", "d");
    let mut chunk = numbered(&scope, 2);
    chunk.push(record(), &FieldBuffer::new(), &scope);
    chunk.push(record(), &fields([("n", Put::from(3))]), &scope);
    rig.offer(chunk, 1);
    let stats = rig.settled();
    assert_eq!(
        (stats.accepted, stats.dropped.by(DropReason::NoFields)),
        (3, 1)
    );
    assert!(rig.said()[0].contains("without fields"));
    rig.close();
}

#[test]
fn an_event_that_is_too_large_is_named_in_its_outcome() {
    let settings = Settings {
        max_event_bytes: 500,
        ..quick()
    };
    let json = format!("[{}1]", "1,".repeat(500));
    for (own, expected) in [
        (
            fields([("name", "import".into()), ("rows", Put::Json(&json))]),
            "\"import\" is larger than max_event_bytes; not sent",
        ),
        (
            fields([("name", 7.into()), ("rows", Put::Json(&json))]),
            "larger than max_event_bytes; not sent",
        ),
    ] {
        let rig = Rig::new(settings.clone(), lines(io::sink()));
        let responses = rig.subscribe();
        let to = scope("", "d");
        let mut chunk = numbered(&to, 1);
        chunk.push(record(), &own, &to);
        chunk.push(record(), &FieldBuffer::new(), &to);
        rig.offer(chunk, 1);
        rig.settled();
        let got: Vec<_> = responses.filter_map(|response| response.error).collect();
        assert_eq!(got, [expected, "no fields; not sent"]);
        rig.close();
    }
}

#[test]
fn responses_carry_metadata_and_come_before_the_flush_ends() {
    let rig = Rig::new(quick(), lines(io::sink()));
    let responses = rig.subscribe();
    let scope = scope("", "d");
    let mut chunk = Chunk::default();
    for n in 0..3i64 {
        let extra = Some(Arc::new(with_metadata(vec![("id".into(), Box::new(n))])));
        chunk.push(
            EventRecord { extra, ..record() },
            &fields([("n", Put::from(n))]),
            &scope,
        );
    }
    chunk.push(record(), &FieldBuffer::new(), &scope);
    rig.offer(chunk, 1);
    rig.settled();
    let mut got: Vec<_> = responses
        .map(|response| (response.metadata::<i64>("id").copied(), response.outcome))
        .collect();
    got.sort_by_key(|(id, _)| *id);
    let accepted = |n| (Some(n), Outcome::Accepted);
    assert_eq!(
        got,
        vec![
            (None, Outcome::Dropped(DropReason::NoFields)),
            accepted(0),
            accepted(1),
            accepted(2)
        ]
    );
    rig.close();
}

#[test]
fn metadata_whose_drop_panics_harms_nobody() {
    struct Bomb;
    impl Drop for Bomb {
        fn drop(&mut self) {
            assert!(std::thread::panicking(), "a test of metadata that panics");
        }
    }
    let rig = Rig::new(quick(), TransportKind::Nowhere);
    for _ in 0..3 {
        let mut chunk = Chunk::default();
        let extra = Some(Arc::new(with_metadata(vec![(
            "bomb".into(),
            Box::new(Bomb),
        )])));
        chunk.push(
            EventRecord { extra, ..record() },
            &fields([("n", Put::from(1))]),
            &scope("", "d"),
        );
        rig.offer(chunk, 1);
    }
    assert_eq!(rig.settled().discarded.total(), 3);
    rig.close();
}

#[test]
fn closing_gives_what_is_held_an_outcome_and_is_idempotent() {
    let settings = Settings {
        send_frequency: Duration::from_secs(3_600),
        ..quick()
    };
    let rig = Rig::new(settings, lines(io::sink()));
    rig.settled();
    rig.close();
    rig.offer_numbered("", 4);
    let stats = rig.close();
    assert_eq!(
        stats.dropped.by(DropReason::CloseDeadline),
        4,
        "what comes after closing is settled too"
    );
}

#[test]
fn nothing_is_pending_after_closing_a_sender_that_never_started() {
    let budget = Arc::new(crate::dispatch::Budget::new(1_000_000, 1_000));
    let sender = crate::sender::Sender::new(
        quick(),
        TransportKind::Nowhere,
        budget,
        crate::response::ResponseSink::new(1, false),
        crate::diagnostics::Diagnostics::new(crate::diagnostics::DiagnosticsTarget::Silent),
    );
    let Ok(sender) = sender else {
        unreachable!("discarding cannot fail");
    };
    sender.accept(numbered(&scope("", "d"), 5), 1);
    let mut stats = crate::stats::Stats::default();
    sender.tally(&mut stats);
    assert_eq!(stats.pending, 5);
    assert!(!sender.wait_settled(1, Instant::now()), "nobody sends them");
    assert!(sender.wait_settled(0, Instant::now()), "nothing that old");
    sender.shut_down(Instant::now());
    let mut stats = crate::stats::Stats::default();
    sender.tally(&mut stats);
    assert_eq!(
        (stats.pending, stats.dropped.by(DropReason::CloseDeadline)),
        (0, 5)
    );
    assert!(sender.wait_settled(u64::MAX, Instant::now()));
}

#[test]
fn datasets_of_events_and_empty_chunks() {
    let out = Shared::default();
    let rig = Rig::new(quick(), lines(out.clone()));
    let scope = scope("", " d ");
    let mut chunk = Chunk::default();
    for dataset in [Some("other"), None, Some("  "), Some(" other ")] {
        let dataset = dataset.map(KeyRef::Static);
        chunk.push(
            EventRecord {
                dataset,
                ..record()
            },
            &fields([("n", Put::from(1))]),
            &scope,
        );
    }
    rig.offer(chunk, 1);
    rig.offer(Chunk::default(), 1);
    assert_eq!(rig.settled().accepted, 4);
    rig.close();
    let text = String::from_utf8_lossy(&out.0.lock()).into_owned();
    assert_eq!(text.matches(r#""dataset":"other""#).count(), 2);
    assert_eq!(text.matches(r#""dataset":"d""#).count(), 2);
}

#[test]
fn sweeps_and_announces_and_gives_chunks_back() {
    let rig = Rig::new(quick(), TransportKind::Nowhere);
    rig.offer_numbered("", 10);
    rig.settled();
    assert!(
        rig.sender
            .budget
            .spares()
            .take()
            .is_some_and(|chunk| chunk.is_empty() && chunk.capacity_bytes() > 0)
    );
    let deadline = Instant::now() + Duration::from_secs(30);
    while rig.source.sweeps.load(Ordering::SeqCst) < 3 {
        assert!(Instant::now() < deadline);
        std::thread::yield_now();
    }
    assert!(rig.source.next_sweep_ns.load(Ordering::SeqCst) > 0);
    rig.close();
}

#[test]
fn a_panic_of_the_worker_costs_only_the_event_that_caused_it_twice() {
    for (trap, died) in [(1, 0), (ALWAYS, 1)] {
        let rig = Rig::new(quick(), lines(io::sink()));
        let responses = rig.subscribe();
        let scope = scope("", "d");
        let mut chunk = numbered(&scope, 20);
        chunk.push(record(), &fields([(TRAP, Put::from(trap))]), &scope);
        for n in 0..20 {
            chunk.push(record(), &fields([("n", Put::from(n))]), &scope);
        }
        rig.offer(chunk, 1);
        let stats = rig.settled();
        assert_eq!(stats.dropped.by(DropReason::WorkerDied), died, "{stats}");
        assert_eq!(stats.accepted, 41 - died);
        assert_eq!(responses.count(), 41);
        rig.close();
        assert_eq!(
            rig.said(),
            ["honey's sending thread panicked; it goes on. Please report this."]
        );
    }
}

/// Also where it is the only one of its batch.
#[test]
fn an_event_alone_that_makes_the_worker_panic_once_is_tried_again() {
    let rig = Rig::new(quick(), lines(io::sink()));
    let mut chunk = Chunk::default();
    let own = fields([(TRAP, Put::from(2))]);
    chunk.push(record(), &own, &scope("", "d"));
    rig.offer(chunk, 1);
    assert_eq!(rig.settled().accepted, 1);
    rig.close();
}

#[test]
fn events_of_which_nothing_is_left_are_refused_and_said() {
    let rig = Rig::new(quick(), lines(io::sink()));
    let scope = scope("", "d");
    let mut chunk = Chunk::default();
    for _ in 0..3 {
        chunk.push(
            record(),
            &fields([("n", Put::Plain(Scalar::F64(f64::NAN)))]),
            &scope,
        );
    }
    rig.offer(chunk, 1);
    assert_eq!(rig.settled().dropped.by(DropReason::NoFields), 3);
    rig.close();
    let said = rig.said();
    let [text] = &said[..] else {
        unreachable!("{said:?}")
    };
    assert!(
        text.ends_with("event(s) without fields were not sent: the server refuses those."),
        "{text}"
    );
}

#[test]
fn a_worker_that_panics_again_and_again_gives_up_and_leaves_nothing_pending() {
    let rig = Rig::new(quick(), lines(io::sink()));
    let scope = scope("", "d");
    for _ in 0..40 {
        let mut chunk = Chunk::default();
        chunk.push(record(), &fields([(TRAP, Put::from(ALWAYS))]), &scope);
        rig.offer(chunk, 1);
    }
    let stats = rig.settled();
    assert_eq!(stats.dropped.by(DropReason::WorkerDied), 40);
    rig.offer_numbered("", 3);
    assert_eq!(rig.settled().dropped.by(DropReason::WorkerDied), 43);
    rig.close();
    assert_eq!(
        rig.said(),
        [
            "honey's sending thread panicked; it goes on. Please report this.",
            "honey's sending thread panicked 16 times and is stopped: events are lost from now on. Please report this."
        ]
    );
}
