//! Models of the hand-over: the real slots, collector, budget and book, between threads that shuttle schedules in thousands of
//! orders. The ship thread is the real one's work without its waits.
//!
//! Run by `.ci/run`, with `--cfg honey_model`.

use std::io;
use std::time::{Duration, Instant};

use shuttle::scheduler::{PctScheduler, RandomScheduler, Scheduler};
use shuttle::{Config, Runner, thread};

use crate::diagnostics::{Diagnostics, DiagnosticsTarget};
use crate::dispatch::{Budget, Dispatch, Grant, Loss, Ship, Slot, Source};
use crate::process;
use crate::record::FieldBuffer;
use crate::response::{DropReason, ResponseSink};
use crate::sender::testing::{ALWAYS, Put, TRAP, destination, fields, finished, record, snapshot};
use crate::sender::{Sender, Settings, TransportKind};
use crate::stats::Stats;
use crate::sync::{Arc, AtomicU64, Ordering, Weak};
use crate::transmission::Writer;

/// Schedules for each model and way of choosing them, unless `HONEY_MODEL_SCHEDULES` says otherwise.
const SCHEDULES: usize = 1_500;
/// Changes of thread that matter, at most, in the schedules that are made to find rare orders.
const DEPTH: usize = 4;
const FAR: Duration = Duration::from_hours(1);
const STACK_BYTES: usize = 512 * 1024;

/// Tries `model` in many schedules: at random, and with few changes of thread at the rarest places.
fn explore(model: impl Fn() + Send + Sync + Copy + 'static) {
    explore_in(1, model);
}

/// The same in a part of the schedules, for what takes many steps.
fn explore_in(part: usize, model: impl Fn() + Send + Sync + Copy + 'static) {
    /// A run is a process of its own, as far as honey knows: one at a time.
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let asked = std::env::var("HONEY_MODEL_SCHEDULES").ok();
    let schedules = asked
        .and_then(|text| text.parse().ok())
        .unwrap_or(SCHEDULES / part);
    run(RandomScheduler::new(schedules), model);
    run(PctScheduler::new(DEPTH, schedules), model);
}

fn run(scheduler: impl Scheduler + 'static, model: impl Fn() + Send + Sync + 'static) {
    let mut config = Config::new();
    config.stack_size = STACK_BYTES;
    Runner::new(scheduler, config).run(move || {
        // What is static holds locks of the run before.
        process::begin_anew();
        model();
    });
}

static NEXT_OWNER: AtomicU64 = AtomicU64::new(1);

/// A client's hand-over, with its ship thread.
struct Model {
    budget: Arc<Budget>,
    room: Grant,
    dispatch: Arc<Dispatch>,
    sender: Arc<Sender>,
    ship_thread: thread::JoinHandle<()>,
}

impl Model {
    /// Settles what it is given, once it is given it.
    fn new(bytes: usize, events: usize, block_on_send: Option<Duration>) -> Self {
        Self::by(TransportKind::Nowhere, bytes, events, block_on_send)
    }

    fn by(
        transport: TransportKind,
        bytes: usize,
        events: usize,
        block_on_send: Option<Duration>,
    ) -> Self {
        let budget = Arc::new(Budget::new(bytes, events));
        let settings = Settings {
            send_frequency: Duration::ZERO,
            ..Settings::default()
        };
        let sender = Sender::new(
            settings,
            transport,
            Arc::clone(&budget),
            ResponseSink::new(1, false),
            Diagnostics::new(DiagnosticsTarget::Silent),
        );
        let sender = sender.unwrap_or_else(|error| unreachable!("{error}"));
        let dispatch = Dispatch::new(
            NEXT_OWNER.fetch_add(1, Ordering::Relaxed),
            Arc::clone(&budget),
            Arc::clone(&sender) as Arc<dyn Ship>,
            block_on_send,
        );
        let source: Weak<dyn Source> = Arc::downgrade(&(Arc::clone(&dispatch) as Arc<dyn Source>));
        let worker = sender.worker.lock().take();
        let ship_thread = thread::spawn(move || {
            let Some(mut worker) = worker else { return };
            worker.run(&source, |worker, source| {
                worker.work(source);
                thread::yield_now();
            });
        });
        Self {
            budget,
            room: Grant {
                bytes: bytes as u64,
                events: events as u64,
            },
            dispatch,
            sender,
            ship_thread,
        }
    }

    fn with_room() -> Self {
        Self::new(1 << 30, 1_000, None)
    }

    /// Encodes what it is given, and has it accepted.
    fn that_encodes(room_for: usize, block_on_send: Option<Duration>) -> Self {
        let writer = TransportKind::Transmission(Box::new(Writer::new(io::sink())));
        Self::by(writer, 1 << 30, room_for, block_on_send)
    }

    /// Closes, and checks that every event of those created has one outcome, and that what it took of the budget came back once.
    #[track_caller]
    fn end(self, created: u64) -> Stats {
        self.dispatch.close(Instant::now() + FAR);
        assert!(self.ship_thread.join().is_ok());
        let stats = self.dispatch.stats();
        assert!(stats.is_balanced(), "{stats:?}");
        assert_eq!((stats.created, stats.pending), (created, 0), "{stats:?}");
        drop(self.sender);
        assert!(self.budget.take(self.room), "not all came back");
        let one_more = Grant {
            bytes: 0,
            events: 1,
        };
        assert!(!self.budget.take(one_more), "more came back than was taken");
        stats
    }
}

/// One event of a thread; `text` makes it larger.
fn send(dispatch: &Dispatch, slot: Option<&'static Slot>, text: &str) -> Result<(), DropReason> {
    send_with(dispatch, slot, [("text", text.into())])
}

/// One event that makes the worker panic when it encodes it: once in its life, or each time.
fn send_trap(
    dispatch: &Dispatch,
    slot: Option<&'static Slot>,
    trap: i64,
) -> Result<(), DropReason> {
    send_with(dispatch, slot, [(TRAP, trap.into())])
}

fn send_with<'a, const N: usize>(
    dispatch: &Dispatch,
    slot: Option<&'static Slot>,
    given: [(&'a str, Put<'a>); N],
) -> Result<(), DropReason> {
    let fields: FieldBuffer = fields(given);
    let snapshot = snapshot(destination("", "d"), FieldBuffer::new());
    let record = record();
    let event = finished(&record, &fields, &snapshot);
    dispatch
        .try_store(slot, &event, None)
        .or_else(|refused| dispatch.store_refused(slot, refused, &event, None))
}

/// A thread that sends as many events, then ends.
fn sending(dispatch: &Arc<Dispatch>, events: usize) -> thread::JoinHandle<()> {
    let dispatch = Arc::clone(dispatch);
    thread::spawn(move || {
        let slot = dispatch.attach();
        for _ in 0..events {
            let _ = send(&dispatch, slot, "x");
        }
        if let Some(slot) = slot {
            slot.orphan_of(dispatch.owner());
        }
    })
}

fn flush(dispatch: &Dispatch) -> bool {
    dispatch.flush(Instant::now() + FAR)
}

/// What was sent before a flush began has its outcome when it ends, whoever sends meanwhile.
#[test]
fn flush_waits_for_all_that_was_before_it() {
    explore(|| {
        let model = Model::with_room();
        let other = sending(&model.dispatch, 2);
        let slot = model.dispatch.attach();
        assert_eq!(send(&model.dispatch, slot, "x"), Ok(()));
        assert_eq!(send(&model.dispatch, slot, "x"), Ok(()));
        assert!(flush(&model.dispatch));
        let stats = model.dispatch.stats();
        assert!(stats.is_balanced(), "{stats:?}");
        assert!(stats.discarded.total() >= 2, "{stats:?}");
        assert!(other.join().is_ok());
        assert_eq!(model.end(4).discarded.total(), 4);
    });
}

/// The balance is exact at any moment, not only at rest.
#[test]
fn the_balance_is_exact_while_chunks_move() {
    explore(|| {
        let model = Model::with_room();
        let other = sending(&model.dispatch, 3);
        for _ in 0..3 {
            let stats = model.dispatch.stats();
            assert!(stats.is_balanced(), "{stats:?}");
        }
        assert!(other.join().is_ok());
        model.end(3);
    });
}

/// Events that end while the client closes are settled or counted as closed.
#[test]
fn close_races_with_senders() {
    explore(|| {
        let model = Model::with_room();
        let first = sending(&model.dispatch, 2);
        let second = sending(&model.dispatch, 1);
        let Model { dispatch, .. } = &model;
        dispatch.close(Instant::now() + FAR);
        assert!(first.join().is_ok() && second.join().is_ok());
        let stats = model.end(3);
        assert_eq!(
            stats.discarded.total() + stats.dropped.by(DropReason::Closed),
            3,
            "{stats:?}"
        );
    });
}

/// Several flush, one closes: all come back.
#[test]
fn flushes_race_with_close() {
    explore(|| {
        let model = Model::with_room();
        let dispatch = Arc::clone(&model.dispatch);
        let other = thread::spawn(move || {
            let slot = dispatch.attach();
            let sent = send(&dispatch, slot, "x");
            let _ = flush(&dispatch);
            assert!(matches!(sent, Ok(()) | Err(DropReason::Closed)));
        });
        assert!(flush(&model.dispatch));
        model.dispatch.close(Instant::now() + FAR);
        assert!(other.join().is_ok());
        model.end(1);
    });
}

/// A slot that a thread leaves goes to another client while the first one still collects.
#[test]
fn slots_change_hands_between_clients() {
    explore(|| {
        let (first, second) = (Model::with_room(), Model::with_room());
        let dispatch = Arc::clone(&first.dispatch);
        let other = thread::spawn(move || {
            let slot = dispatch.attach();
            let _ = send(&dispatch, slot, "x");
            if let Some(slot) = slot {
                slot.orphan_of(dispatch.owner());
            }
        });
        assert!(flush(&first.dispatch));
        let slot = second.dispatch.attach();
        assert_eq!(send(&second.dispatch, slot, "x"), Ok(()));
        second.dispatch.count(slot, Loss::SampledOut);
        assert!(other.join().is_ok());
        first.end(1);
        assert_eq!(second.end(2).sampled_out, 1);
    });
}

/// Full chunks stand beside the current one, and wake the ship thread.
#[test]
fn full_chunks_are_handed_over_whole() {
    explore(|| {
        let model = Model::with_room();
        let dispatch = Arc::clone(&model.dispatch);
        let other = thread::spawn(move || {
            let slot = dispatch.attach();
            let text = "x".repeat(40 * 1024);
            for _ in 0..3 {
                assert_eq!(send(&dispatch, slot, &text), Ok(()));
            }
        });
        let _ = flush(&model.dispatch);
        assert!(other.join().is_ok());
        assert_eq!(model.end(3).discarded.total(), 3);
    });
}

/// Who waits for room gets it from what is settled, though no wait times out here.
#[test]
fn waiting_for_room_ends_when_events_are_settled() {
    explore(|| {
        let model = Model::new(1 << 30, 1, Some(FAR));
        let other = sending(&model.dispatch, 2);
        let slot = model.dispatch.attach();
        assert_eq!(send(&model.dispatch, slot, "x"), Ok(()));
        assert!(other.join().is_ok());
        assert_eq!(model.end(3).discarded.total(), 3);
    });
}

/// Who waits for room is let go by close.
#[test]
fn waiting_for_room_ends_with_close() {
    explore(|| {
        let model = Model::new(0, 0, Some(FAR));
        let other = sending(&model.dispatch, 1);
        model.dispatch.close(Instant::now() + FAR);
        assert!(other.join().is_ok());
        assert_eq!(model.end(1).dropped.total(), 1);
    });
}

/// The number of a trap that springs once.
fn once() -> i64 {
    static NEXT: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(1_000);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

/// The worker panics with a batch in hand and begins anew: who flushes comes back once all of it has its outcome, and nothing is lost.
#[test]
fn a_worker_that_panics_once_loses_nothing_and_flush_waits_for_it() {
    explore(|| {
        let model = Model::that_encodes(1_000, None);
        let other = sending(&model.dispatch, 1);
        let slot = model.dispatch.attach();
        assert_eq!(send(&model.dispatch, slot, "x"), Ok(()));
        assert_eq!(send_trap(&model.dispatch, slot, once()), Ok(()));
        assert_eq!(send(&model.dispatch, slot, "x"), Ok(()));
        assert!(flush(&model.dispatch));
        let stats = model.dispatch.stats();
        assert!(stats.is_balanced(), "{stats:?}");
        assert!(stats.accepted >= 3, "{stats:?}");
        assert!(other.join().is_ok());
        // What it was given at last may be in hand at the close.
        assert!(flush(&model.dispatch));
        assert_eq!(model.end(4).accepted, 4);
    });
}

/// A close that comes before, in the midst of or after the panic ends, and leaves nothing without an outcome.
#[test]
fn a_worker_that_panics_races_with_close() {
    explore(|| {
        let model = Model::that_encodes(1_000, None);
        let dispatch = Arc::clone(&model.dispatch);
        let other = thread::spawn(move || {
            let slot = dispatch.attach();
            let _ = send(&dispatch, slot, "x");
            let _ = send_trap(&dispatch, slot, once());
            let _ = flush(&dispatch);
        });
        model.dispatch.close(Instant::now());
        assert!(other.join().is_ok());
        let stats = model.end(2);
        let closed = stats.dropped.by(DropReason::Closed);
        let given_up = stats.dropped.by(DropReason::CloseDeadline);
        assert_eq!(stats.accepted + closed + given_up, 2, "{stats:?}");
    });
}

/// A worker that panics again and again gives up: who waits for room, and who flushes, comes back.
#[test]
fn a_worker_that_gives_up_lets_everybody_go() {
    explore_in(10, || {
        let model = Model::that_encodes(2, Some(FAR));
        let dispatch = Arc::clone(&model.dispatch);
        let other = thread::spawn(move || {
            let slot = dispatch.attach();
            for _ in 0..5 {
                let _ = send_trap(&dispatch, slot, ALWAYS);
            }
            assert!(flush(&dispatch));
        });
        let slot = model.dispatch.attach();
        for _ in 0..5 {
            let _ = send_trap(&model.dispatch, slot, ALWAYS);
        }
        assert!(flush(&model.dispatch));
        assert!(other.join().is_ok());
        let stats = model.end(10);
        let died = stats.dropped.by(DropReason::WorkerDied);
        assert_eq!(died, 10, "{stats:?}");
    });
}
