//! Whatever servers answer: each event gets one outcome, and there is an end.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::commit::Encoded;
use super::{Body, Settings, Shared, TransportKind, Worker};
use crate::compression::Compression;
use crate::diagnostics::{Diagnostics, DiagnosticsTarget};
use crate::dispatch::{Budget, Grant};
use crate::record::{Chunk, EventRecord, FieldBuffer};
use crate::response::{DropReason, ResponseSink, Responses};
use crate::sender::courtesy::Courtesy;
use crate::sender::encode::Refusal;
use crate::sender::events::Run;
use crate::sender::queue::Queue;
use crate::sender::retry::Trouble;
use crate::sender::testing::{Put, destination, fields, record, snapshot, with_metadata};
use crate::sender::transport::{Completion, Reply, Routes};
use crate::stats::Stats;
use crate::sync::Arc;

/// What a request comes to.
#[derive(Debug, Clone)]
enum Came {
    /// A whole answer, of one status.
    Status(u16),
    /// A 400 that names its cause.
    Words(&'static str),
    /// A 200, with a verdict for each event as far as there are some, in turn.
    Verdicts(Vec<u16>),
    /// A 200 whose array is cut short.
    Cut(usize),
    Nothing(Trouble),
    Unsendable,
}

fn came() -> impl Strategy<Value = Came> {
    let status = prop::sample::select(vec![200, 204, 302, 401, 403, 404, 413, 429, 500, 503]);
    let words = prop::sample::select(vec!["", "malformed", "too large", "unknown API key"]);
    let verdict = prop::sample::select(vec![202, 202, 202, 400, 429, 503, 7]);
    let trouble = prop::sample::select(vec![Trouble::Transport, Trouble::Tls, Trouble::Proxy]);
    prop_oneof![
        status.prop_map(Came::Status),
        words.prop_map(Came::Words),
        prop::collection::vec(verdict, 1..6).prop_map(Came::Verdicts),
        (0..100_usize).prop_map(Came::Cut),
        trouble.prop_map(Came::Nothing),
        Just(Came::Unsendable),
    ]
}

/// A ship side without threads, whose server is the test.
struct Played {
    worker: Worker,
    budget: Arc<Budget>,
    responses: Responses,
    offered: usize,
}

const ROOM: Grant = Grant {
    bytes: 1 << 40,
    events: 1 << 20,
};

impl Played {
    fn new(settings: Settings) -> Self {
        let budget = Arc::new(Budget::new(1 << 40, 1 << 20));
        let sink = ResponseSink::new(10_000, false);
        let responses = sink.subscribe();
        let shared = Shared::new(
            Arc::clone(&budget),
            sink,
            Diagnostics::new(DiagnosticsTarget::Silent),
        );
        let worker = Worker::new(Arc::new(shared), settings, TransportKind::Nowhere);
        let mut worker = worker.unwrap_or_else(|error| unreachable!("{error}"));
        // Sorted as for HTTP, whose clients take long to make and are not asked.
        worker.routes = Routes::Http;
        Self {
            worker,
            budget,
            responses,
            offered: 0,
        }
    }

    /// Events numbered on, to this many datasets in turn.
    fn offer(&mut self, events: usize, datasets: usize) {
        self.offer_ended(&vec![0; events], datasets);
    }

    /// Events that ended at these times, in order.
    fn offer_ended(&mut self, ended_ns: &[u64], datasets: usize) {
        let scopes: Vec<_> = (0..datasets)
            .map(|n| {
                snapshot(
                    destination("http://[::1]:1", &format!("d{n}")),
                    FieldBuffer::new(),
                )
            })
            .collect();
        let mut chunk = Chunk::default();
        for (n, ended_ns) in (self.offered..).zip(ended_ns.iter().copied()) {
            let own = fields([("n", Put::from("some text of an event"))]);
            let extra = Some(Arc::new(with_metadata(vec![("n".into(), Box::new(n))])));
            chunk.push(
                EventRecord {
                    ended_ns,
                    extra,
                    ..record()
                },
                &own,
                &scopes[n % datasets],
            );
        }
        self.offered += ended_ns.len();
        let grant = Grant {
            bytes: chunk.cost_bytes(),
            events: ended_ns.len() as u64,
        };
        assert!(self.budget.take(grant));
        let run = Run::whole(chunk, 1);
        let shared = &self.worker.shared;
        shared.with_book(|book, done, wanted| book.accept(run, done, wanted));
        self.worker.sort(Instant::now(), false);
    }

    /// Sends the next batch, as the thread does, and answers it. False when there is none.
    fn play(&mut self, came: &Came, round: u32) -> bool {
        // Every wait is over by then.
        let now = Instant::now() + Duration::from_secs(3_600) * round;
        let limits = self.worker.limits();
        let max_bytes = self.worker.settings.max_in_flight_bytes;
        let taken = self
            .worker
            .shared
            .book
            .lock()
            .take_up(now, limits, max_bytes);
        let Some(mut hand) = taken else {
            return false;
        };
        let body = std::mem::take(&mut hand.body);
        let encoded = self.worker.encoded(body, &hand.events, Courtesy::HURRY);
        let events = encoded.body.len();
        let notes = self.worker.encoder.take_notes();
        let is_on = self.worker.commit(&hand, encoded, &notes, Some(1));
        let flight = hand.id;
        drop(hand);
        assert!(is_on && events > 0);
        let answer = |status: u16, body: String| Reply::Answer {
            status,
            retry_after: None,
            body: body.into_bytes(),
        };
        let reply = match came {
            Came::Status(status) => answer(*status, String::new()),
            Came::Words(words) => answer(400, format!(r#"{{"error":"{words}"}}"#)),
            Came::Verdicts(verdicts) => answer(200, array(verdicts, events)),
            Came::Cut(length) => {
                let mut body = array(&[202], events);
                body.truncate(*length);
                answer(200, body)
            }
            Came::Nothing(trouble) => Reply::Failed {
                trouble: *trouble,
                why: "a test".to_owned(),
            },
            Came::Unsendable => Reply::Unsendable("a test".to_owned()),
        };
        self.worker.arrive(Completion {
            flight,
            events,
            reply,
        });
        true
    }

    fn tally(&self) -> Stats {
        let mut stats = Stats {
            created: self.offered as u64,
            ..Stats::default()
        };
        self.worker.shared.tally(&mut stats);
        stats
    }

    /// Each event has exactly one outcome, and everything was given back.
    fn is_over(&mut self) {
        let stats = self.tally();
        assert!(stats.is_balanced(), "{stats}");
        assert_eq!(stats.pending, 0, "{stats}");
        let mut seen = vec![0; self.offered];
        while let Some(response) = self.responses.try_recv() {
            let number = response.metadata::<usize>("n").copied();
            seen[number.unwrap_or(usize::MAX)] += 1;
        }
        assert!(seen.iter().all(|times| *times == 1), "{seen:?}");
        assert!(self.budget.take(ROOM), "the budget is not whole again");
    }
}

/// Without `max_tries`, an event that the server turns away by itself, again and again, is given up all the same.
#[test]
fn one_event_that_is_never_taken_is_given_up() {
    for (verdict, max_tries, expected) in [(429, None, 10), (503, None, 10), (429, Some(3), 3)] {
        let mut played = Played::new(Settings {
            max_tries,
            compression: Compression::None,
            ..Settings::default()
        });
        played.offer(2, 1);
        let came = Came::Verdicts(vec![verdict, 202]);
        let tries = (1..100)
            .take_while(|round| played.play(&came, *round))
            .count();
        assert_eq!(tries, expected, "{verdict} {max_tries:?}");
        let stats = played.tally();
        assert_eq!((stats.accepted, stats.dropped.total()), (1, 1), "{stats}");
        played.is_over();
    }
}

/// A second request to a destination begins only where its body is not too much, and what waits to be sent again keeps its body only
/// where that is not either.
#[test]
fn bodies_under_way_and_waiting_are_bounded() {
    const BATCH_BYTES: usize = 10_000;
    for (max_in_flight_bytes, under_way, is_kept) in [
        (0, 1, false),
        (BATCH_BYTES, 1, true),
        (2 * BATCH_BYTES, 2, true),
    ] {
        let mut played = Played::new(Settings {
            max_batch_events: 1,
            batch_bytes: BATCH_BYTES,
            max_in_flight_bytes,
            compression: Compression::None,
            ..Settings::default()
        });
        played.offer(4, 1);
        assert!(played.play(&Came::Status(202), 1));
        assert!(played.play(&Came::Nothing(Trouble::Throttled), 1));
        let book = &played.worker.shared.book;
        let keeps_body = |queue: &Queue| {
            let mut parcels = queue.parcels.iter();
            parcels.any(|parcel| !parcel.batch.body.is_empty())
        };
        assert_eq!(book.lock().queues.iter().any(keeps_body), is_kept);
        // Opened again by its probe.
        assert!(played.play(&Came::Status(202), 2));
        let limits = played.worker.limits();
        let now = Instant::now();
        let take_up = || {
            let mut book = played.worker.shared.book.lock();
            book.take_up(now, limits, max_in_flight_bytes)
        };
        let taken: Vec<_> = std::iter::from_fn(take_up).collect();
        assert_eq!(taken.len(), under_way, "{max_in_flight_bytes}");
        drop(taken);
        played.worker.shared.close(DropReason::CloseDeadline);
        played.is_over();
    }
}

/// A destination in trouble is not left alone for ever because its one probe met no server.
#[test]
fn a_probe_that_comes_to_nothing_lets_the_next_begin() {
    for panics in [false, true] {
        let mut played = Played::new(Settings::default());
        played.offer(1, 1);
        assert!(played.play(&Came::Nothing(Trouble::Transport), 1));
        played.worker.shared.with_book(|book, done, wanted| {
            book.expire(u64::MAX, done, wanted);
        });
        played.offer(1, 1);
        let limits = played.worker.limits();
        let later = Instant::now() + Duration::from_secs(3_600);
        let taken = played
            .worker
            .shared
            .book
            .lock()
            .take_up(later, limits, usize::MAX);
        let Some(hand) = taken else {
            unreachable!("the wait is over")
        };
        if panics {
            played.worker.in_hand = Some(hand.id);
            played.worker.recover();
        } else {
            let encoded = Encoded {
                body: Body::default(),
                taken: 1,
                refused: vec![(0, Refusal::NoFields)],
            };
            let notes = played.worker.encoder.take_notes();
            assert!(!played.worker.commit(&hand, encoded, &notes, None));
            played.offer(1, 1);
        }
        drop(hand);
        assert!(played.play(&Came::Status(202), 2), "{panics}");
        assert_eq!(played.tally().unconfirmed, 1);
        played.is_over();
    }
}

/// Who flushes does not wait for company, and leaves no hurry behind for what comes later.
#[test]
fn hurry_is_for_what_waits() {
    let mut played = Played::new(Settings::default());
    played.offer(2, 2);
    let all = Came::Status(202);
    assert!(played.play(&all, 1));
    let mut book = played.worker.shared.book.lock();
    book.hurry();
    let hurried: Vec<_> = book.queues.iter().map(|queue| queue.is_hurried).collect();
    drop(book);
    assert_eq!(hurried.iter().filter(|is_hurried| **is_hurried).count(), 1);
    assert!(played.play(&all, 1));
    played.is_over();
}

/// A program that makes a dataset of each event: what the destinations take themselves is bounded by the budget too.
#[test]
fn destinations_that_are_too_many_count_against_the_budget_until_they_are_forgotten() {
    let mut played = Played::new(Settings {
        compression: Compression::None,
        ..Settings::default()
    });
    let room_beside = |played: &Played, events: u64| {
        let rest = Grant {
            bytes: ROOM.bytes - events * 1_024,
            events: 0,
        };
        let is_free = played.budget.take(rest);
        if is_free {
            played.budget.give_back(rest);
        }
        is_free
    };
    played.offer(1_000, 1_000);
    assert!(room_beside(&played, 1_000), "some destinations are free");
    played.offer(3_000, 3_000);
    assert!(!room_beside(&played, 3_000));
    while played.play(&Came::Status(200), 1) {}
    assert!(!room_beside(&played, 1_000), "not forgotten yet");
    played.worker.tidy(Instant::now());
    assert!(played.budget.take(ROOM), "the budget is not whole again");
    played.budget.give_back(ROOM);
    played.is_over();
}

fn array(verdicts: &[u16], events: usize) -> String {
    let verdicts = verdicts.iter().cycle().take(events);
    let elements: Vec<String> = verdicts
        .map(|status| format!(r#"{{"status":{status},"error":"e"}}"#))
        .collect();
    format!("[{}]", elements.join(","))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn no_event_is_lost_or_doubled_by_any_answers(
        answers in prop::collection::vec(came(), 0..60),
        lots in prop::collection::vec((1..40_usize, 1..4_usize), 1..4),
        batch_events in 1..50_usize,
        batch_bytes in 1..5_000_usize,
        max_in_flight_bytes in 0..100_000_usize,
        max_tries in prop::option::of(1..5_u32),
    ) {
        let mut played = Played::new(Settings {
            max_batch_events: batch_events,
            batch_bytes,
            max_in_flight_bytes,
            max_tries,
            compression: Compression::None,
            ..Settings::default()
        });
        for (events, datasets) in lots {
            played.offer(events, datasets);
        }
        let mut round = 0;
        let mut play = |came: &Came| {
            round += 1;
            played.play(came, round)
        };
        for came in &answers {
            play(came);
        }
        // A server that takes everything ends it, in a batch for each event at most.
        let all = Came::Status(202);
        let rounds = (0..10_000).take_while(|_| play(&all)).count();
        prop_assert!(rounds <= 200, "{rounds}");
        played.is_over();
    }

    /// A sweep gives up what is too old, tried or not, and nothing else: the upper bound of an event's age is the next sweep.
    #[test]
    fn a_sweep_gives_up_exactly_what_is_too_old(
        mut ended_ns in prop::collection::vec(0..50_u64, 1..60),
        oldest_ns in 0..60_u64,
        batch_events in 1..50_usize,
        tries in 0..4_u32,
    ) {
        ended_ns.sort_unstable();
        let mut played = Played::new(Settings {
            max_batch_events: batch_events,
            compression: Compression::None,
            ..Settings::default()
        });
        played.offer_ended(&ended_ns, 1);
        for round in 1..=tries {
            played.play(&Came::Nothing(Trouble::Transport), round);
        }
        played.worker.shared.with_book(|book, done, wanted| {
            book.expire(oldest_ns, done, wanted);
        });
        let too_old = ended_ns.iter().filter(|ended| **ended < oldest_ns).count();
        let stats = played.tally();
        prop_assert!(stats.is_balanced());
        prop_assert_eq!(stats.dropped.total(), too_old as u64);
        prop_assert_eq!(stats.pending, (ended_ns.len() - too_old) as u64);
        let all = Came::Status(202);
        let _ = (tries + 1..10_000).take_while(|round| played.play(&all, *round)).count();
        played.is_over();
    }

    /// A server that never takes anything ends it too, where tries are bounded or its answers are final.
    #[test]
    fn a_server_that_is_never_content_ends_it(
        came in came(),
        events in 1..60_usize,
        batch_events in 1..50_usize,
    ) {
        let mut played = Played::new(Settings {
            max_batch_events: batch_events,
            max_tries: Some(3),
            compression: Compression::None,
            ..Settings::default()
        });
        played.offer(events, 1);
        let rounds = (1..10_000).take_while(|round| played.play(&came, *round)).count();
        // Each event alone after each split, and three tries of each.
        prop_assert!(rounds <= 6 * events + 3, "{rounds}");
        played.is_over();
    }
}
