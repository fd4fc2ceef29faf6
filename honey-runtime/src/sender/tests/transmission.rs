//! Transmissions that do what they should not, and what is promised all the same.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use crate::dispatch::Ship;
use crate::record::FieldBuffer;
use crate::response::{DiscardReason, DropReason, Outcome, Response};
use crate::sender::testing::rig::{PATIENCE, Rig, quick, scope};
use crate::sender::testing::{Put, fields, numbered, record};
use crate::sender::{Settings, TransportKind};
use crate::stats::Stats;
use crate::sync::{Arc, Mutex};
use crate::transmission::{Batch, BatchEvent, Transmission};

/// A transmission made of a function.
struct Scripted<F>(F);

impl<F: FnMut(&mut Batch<'_>) + Send> Transmission for Scripted<F> {
    fn send(&mut self, batch: &mut Batch<'_>, _timeout: Duration) {
        (self.0)(batch);
    }

    fn flush(&mut self, _timeout: Duration) {}
}

fn rig_of(settings: Settings, transmission: impl Transmission + 'static) -> Rig {
    Rig::new(
        settings,
        TransportKind::Transmission(Box::new(transmission)),
    )
}

fn scripted(send: impl FnMut(&mut Batch<'_>) + Send + 'static) -> Rig {
    rig_of(quick(), Scripted(send))
}

/// The balance and the responses once `count` events are settled.
fn settled(rig: &Rig, count: usize) -> (Stats, Vec<Response>) {
    let responses = rig.subscribe();
    rig.offer_numbered("", count);
    let stats = rig.settled();
    let told: Vec<_> = std::iter::from_fn(|| responses.try_recv()).collect();
    assert_eq!(told.len(), count, "one response for each event");
    rig.close();
    (stats, told)
}

#[test]
fn one_that_panics_loses_what_it_had_not_settled_and_gets_the_next_batch() {
    let mut batches = 0;
    let rig = scripted(move |batch| {
        batches += 1;
        for event in batch.events() {
            let is_third = event.json().starts_with(br#"{"data":{"n":2}"#);
            assert!(
                !is_third || batches > 1,
                "a test of a panicking transmission"
            );
            event.accept();
        }
    });
    rig.offer_numbered("", 5);
    let stats = rig.settled();
    let lost = stats.dropped.by(DropReason::Transmission);
    assert_eq!((stats.accepted, lost), (2, 3));
    assert!(rig.said()[0].contains("panicked"));
    rig.offer_numbered("", 5);
    assert_eq!(rig.settled().accepted, 7);
    rig.close();
}

#[test]
fn one_that_settles_nothing_drops_everything_as_transmission() {
    let (stats, told) = settled(&scripted(|_| {}), 4);
    assert_eq!(stats.dropped.by(DropReason::Transmission), 4);
    assert!(told.iter().all(|response| {
        response.outcome == Outcome::Dropped(DropReason::Transmission)
            && response.error.as_deref() == Some("the transmission gave it no outcome")
    }));
}

#[test]
fn one_that_settles_twice_is_taken_at_its_last_word() {
    let rig = scripted(|batch| {
        batch.events().for_each(BatchEvent::accept);
        batch.events().take(1).for_each(|event| event.fail("no"));
    });
    let (stats, _) = settled(&rig, 3);
    let lost = stats.dropped.by(DropReason::Transmission);
    assert_eq!((stats.accepted, lost), (2, 1));
}

#[test]
fn one_that_rejects_a_part_says_so_event_by_event() {
    let rig = scripted(|batch| {
        for (place, event) in batch.events().enumerate() {
            match place % 3 {
                0 => event.accept(),
                1 => event.reject(422, "odd"),
                _ => event.discard(),
            }
        }
    });
    let (stats, told) = settled(&rig, 6);
    let discarded = stats.discarded.by(DiscardReason::NoDestination);
    assert_eq!((stats.accepted, stats.rejected, discarded), (2, 2, 2));
    let rejected = told.iter().filter(|one| one.outcome == Outcome::Rejected);
    for response in rejected {
        assert_eq!(response.status, Some(422));
        assert_eq!(response.body.as_deref(), Some("odd"));
    }
}

#[test]
fn events_to_be_retried_come_again_alone_and_no_more_often_than_max_tries() {
    for (max_tries, expected) in [(3, &[4, 1, 1][..]), (1, &[4])] {
        let seen: Arc<Mutex<Vec<usize>>> = Arc::default();
        let log = Arc::clone(&seen);
        let rig = rig_of(
            Settings {
                max_tries: Some(max_tries),
                ..quick()
            },
            Scripted(move |batch: &mut Batch<'_>| {
                log.lock().push(batch.len());
                for event in batch.events() {
                    if event.json().starts_with(br#"{"data":{"n":1}"#) {
                        event.retry("busy");
                    } else {
                        event.accept();
                    }
                }
            }),
        );
        let (stats, told) = settled(&rig, 4);
        let given_up = stats.dropped.by(DropReason::MaxTries);
        assert_eq!((stats.accepted, given_up), (3, 1));
        assert_eq!(*seen.lock(), expected);
        assert_eq!(stats.retries, u64::from(max_tries) - 1);
        assert!(told.iter().any(|one| one.error.as_deref() == Some("busy")));
    }
}

#[test]
fn a_batch_to_be_retried_waits_with_all_others_until_it_is_too_old() {
    let rig = rig_of(
        Settings {
            max_age: Duration::from_millis(50),
            ..quick()
        },
        Scripted(|batch: &mut Batch<'_>| batch.events().for_each(|event| event.retry("down"))),
    );
    let (stats, _) = settled(&rig, 4);
    assert_eq!(stats.dropped.by(DropReason::MaxAge), 4);
}

/// Blocks in `send`, or in `flush`, until somebody lets it go.
struct Blocking {
    begun: Sender<()>,
    release: Receiver<()>,
    in_flush: bool,
}

impl Blocking {
    fn new(in_flush: bool) -> (Self, Receiver<()>, Sender<()>) {
        let (begun, has_begun) = channel();
        let (go, release) = channel();
        let blocking = Self {
            begun,
            release,
            in_flush,
        };
        (blocking, has_begun, go)
    }

    fn block(&self) {
        let _ = self.begun.send(());
        let _ = self.release.recv();
    }
}

impl Transmission for Blocking {
    fn send(&mut self, batch: &mut Batch<'_>, _timeout: Duration) {
        if !self.in_flush {
            self.block();
        }
        batch.events().for_each(BatchEvent::accept);
    }

    fn flush(&mut self, _timeout: Duration) {
        if self.in_flush {
            self.block();
        }
    }
}

fn soon() -> Instant {
    Instant::now() + Duration::from_millis(20)
}

#[test]
fn one_that_blocks_beyond_the_deadline_of_close_holds_nobody_up() {
    let (blocking, has_begun, go) = Blocking::new(false);
    let rig = rig_of(quick(), blocking);
    rig.offer_numbered("", 3);
    assert!(has_begun.recv_timeout(PATIENCE).is_ok());
    assert!(!rig.sender.wait_settled(1, soon()));
    rig.sender.shut_down(soon());
    // It still holds the events, and what they hold is charged.
    let stats = rig.stats();
    assert!(stats.is_balanced(), "{stats}");
    let lost = stats.dropped.by(DropReason::CloseDeadline);
    assert_eq!((lost, stats.pending), (3, 0));
    // When it comes back, its events have their outcome already.
    drop(go);
    rig.sender.shut_down(Instant::now() + PATIENCE);
    assert_eq!(rig.balanced().accepted, 0);
}

#[test]
fn a_flush_waits_for_the_transmissions_own_but_not_for_ever() {
    let (blocking, has_begun, go) = Blocking::new(true);
    let rig = rig_of(quick(), blocking);
    rig.offer_numbered("", 3);
    let until = Instant::now() + PATIENCE;
    // Where the machine is busy, the first may be over before the worker has looked.
    while has_begun.try_recv().is_err() {
        assert!(Instant::now() < until, "it never began to flush");
        assert!(!rig.sender.wait_settled(1, soon()), "it is flushing still");
    }
    assert_eq!(rig.balanced().accepted, 3);
    drop(go);
    assert!(rig.is_settled(1));
    rig.close();
}

#[test]
fn flushes_that_panic_and_drops_that_panic_stay_there() {
    struct Brittle;
    impl Transmission for Brittle {
        fn send(&mut self, batch: &mut Batch<'_>, _timeout: Duration) {
            batch.events().for_each(BatchEvent::accept);
        }

        fn flush(&mut self, _timeout: Duration) {
            unreachable!("a test of a flush that panics");
        }

        fn tick(&mut self) {
            unreachable!("a test of a tick that panics");
        }
    }
    impl Drop for Brittle {
        fn drop(&mut self) {
            unreachable!("a test of a drop that panics");
        }
    }
    let rig = rig_of(quick(), Brittle);
    rig.offer_numbered("", 3);
    assert_eq!(rig.settled().accepted, 3);
    rig.offer_numbered("", 3);
    assert_eq!(rig.settled().accepted, 6);
    rig.close();
}

#[test]
fn events_come_in_order_with_their_own_datasets_and_without_the_refused() {
    let seen: Arc<Mutex<Vec<(String, u32, String)>>> = Arc::default();
    let log = Arc::clone(&seen);
    let rig = scripted(move |batch| {
        for event in batch.events() {
            let entry = (
                event.dataset().to_owned(),
                event.sample_rate(),
                String::from_utf8_lossy(event.data_json()).into_owned(),
            );
            log.lock().push(entry);
            event.accept();
        }
    });
    let (one, two) = (scope("https://a", "one"), scope("https://b", "two"));
    let mut chunk = numbered(&one, 1);
    chunk.push(record(), &FieldBuffer::new(), &two);
    let mut rated = record();
    rated.sample_rate = 7;
    chunk.push(rated, &fields([("n", Put::from(1))]), &two);
    chunk.push(record(), &fields([("n", Put::from(2))]), &one);
    rig.offer(chunk, 1);
    let stats = rig.settled();
    let refused = stats.dropped.by(DropReason::NoFields);
    assert_eq!((stats.accepted, refused), (3, 1));
    let of = |dataset: &str, rate, data: &str| (dataset.to_owned(), rate, data.to_owned());
    assert_eq!(
        *seen.lock(),
        [
            of("one", 1, r#"{"n":0}"#),
            of("two", 7, r#"{"n":1}"#),
            of("one", 1, r#"{"n":2}"#)
        ]
    );
    rig.close();
}
