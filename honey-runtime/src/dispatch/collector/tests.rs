//! The hand-over with a ship side that only notes what it is asked.

use super::*;
use crate::dispatch::testing::Events;
use crate::process::testing;

/// Takes what comes, and nothing ever has its outcome.
#[derive(Default)]
struct Idle {
    asked: Mutex<Vec<Asked>>,
    /// Settles one event when it is told that somebody waits.
    settles: Option<Arc<Budget>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    /// To take so many events of this epoch.
    Accept(usize, u64),
    Wake,
    Hurry,
    EndHolding,
    WaitSettled(u64),
    ShutDown,
}
use Asked::{Accept, EndHolding, Hurry, ShutDown, WaitSettled, Wake};

impl Idle {
    fn note(&self, asked: Asked) {
        self.asked.lock().push(asked);
    }

    /// What it was asked since the last look.
    fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.asked.lock())
    }
}

impl Ship for Idle {
    fn accept(&self, chunk: Chunk, epoch: u64) {
        self.note(Accept(chunk.len(), epoch));
    }

    fn wake(&self) {
        self.note(Wake);
    }

    fn hurry(&self) {
        self.note(Hurry);
        if let Some(budget) = &self.settles {
            budget.give_back(Grant {
                bytes: 0,
                events: 1,
            });
        }
    }

    fn end_holding(&self) {
        self.note(EndHolding);
    }

    fn wait_settled(&self, epoch: u64, _: Instant) -> bool {
        self.note(WaitSettled(epoch));
        false
    }

    fn tally(&self, _: &mut Stats) {}

    fn shut_down(&self, _: Instant) {
        self.note(ShutDown);
    }
}

/// A hand-over of nobody else's, with room for so many events in so many full chunks.
fn dispatch(chunks: usize, events: usize) -> (Arc<Dispatch>, Arc<Idle>) {
    let budget = Arc::new(Budget::new(chunks * FULL_CHUNK_BYTES, events));
    by(Idle::default(), budget, None)
}

fn by(
    ship: Idle,
    budget: Arc<Budget>,
    block_on_send: Option<Duration>,
) -> (Arc<Dispatch>, Arc<Idle>) {
    static NEXT_OWNER: AtomicU64 = AtomicU64::new(u64::MAX / 2);
    let ship = Arc::new(ship);
    let owner = NEXT_OWNER.fetch_add(1, Ordering::Relaxed);
    let dispatch = Dispatch::new(
        owner,
        budget,
        Arc::clone(&ship) as Arc<dyn Ship>,
        block_on_send,
    );
    (dispatch, ship)
}

/// Lets one event end. False: there was no room.
fn end(dispatch: &Dispatch, slot: Option<&'static Slot>, events: &Events) -> bool {
    let stored = dispatch.try_store(slot, &events.one(), None);
    let stored =
        stored.or_else(|refused| dispatch.store_refused(slot, refused, &events.one(), None));
    assert!(matches!(stored, Ok(()) | Err(DropReason::QueueFull)));
    stored.is_ok()
}

const MANY: usize = 1 << 20;
const HOUR_NS: u64 = 3_600_000_000_000;

#[test]
fn a_full_chunk_wakes_the_ship_thread_after_a_quiet_time_and_when_much_has_gathered() {
    // A wake-up for each eighth of the room.
    let now_ns = monotonic_ns();
    for (next_sweep_ns, expected) in [
        (u64::MAX, &[4, 8][..]),
        (now_ns + FAR_NS, &[4, 8]),
        (now_ns + HOUR_NS, &[1, 4, 8]),
    ] {
        let (dispatch, ship) = dispatch(32, MANY);
        let slot = dispatch.attach();
        let as_large_as_a_chunk = Events::of(FULL_CHUNK_BYTES);
        let woken_by = |ended: &i32| {
            assert!(end(&dispatch, slot, &as_large_as_a_chunk), "{ended}");
            ship.asked() == [Wake]
        };
        dispatch.announce(next_sweep_ns);
        assert_eq!((1..=9).filter(woken_by).collect::<Vec<_>>(), expected);
        // What was collected does not count any more.
        for collect in [Dispatch::collect_full, Dispatch::sweep] {
            collect(&dispatch);
            assert!(!ship.asked().is_empty());
            dispatch.announce(monotonic_ns());
            assert_eq!((1..=5).filter(woken_by).collect::<Vec<_>>(), [4]);
        }
        dispatch.close(Instant::now());
    }
}

#[test]
fn a_wake_up_is_for_an_eighth_of_the_room_and_for_a_few_mebibytes_at_most() {
    let full = FULL_CHUNK_BYTES as u64;
    for (chunks, events, expected) in [
        (0, 0, 1),
        (8, u64::MAX, 1),
        (24, u64::MAX, 3),
        (1 << 20, 24 * MAX_CHUNK_EVENTS, 3),
        (1 << 20, u64::MAX, 64),
    ] {
        let bytes = chunks * full;
        assert_eq!(
            wake_at(Grant { bytes, events }),
            expected,
            "{chunks} {events}"
        );
    }
}

/// Of many that are refused one wakes the ship thread, which then takes what is not full either: with it goes back what nobody uses.
#[test]
fn who_is_refused_says_so_once_until_somebody_has_collected() {
    let (dispatch, ship) = dispatch(1, 2);
    let slot = dispatch.attach();
    let events = Events::of(1);
    assert!(end(&dispatch, slot, &events));
    dispatch.collect_full();
    assert_eq!(ship.asked(), [], "nothing is full, and nobody was refused");
    assert!(end(&dispatch, slot, &events));
    for _ in 0..3 {
        assert!(!end(&dispatch, slot, &events));
    }
    assert_eq!(ship.asked(), [Wake]);
    dispatch.collect_full();
    assert_eq!(ship.asked(), [Accept(2, 0)]);
    for collect in [Dispatch::collect_full, Dispatch::sweep] {
        assert!(!end(&dispatch, slot, &events) && !end(&dispatch, slot, &events));
        assert_eq!(ship.asked(), [Wake]);
        collect(&dispatch);
    }
    assert_eq!(dispatch.stats().dropped.by(DropReason::QueueFull), 7);
    dispatch.close(Instant::now());
}

/// The first that waits for room collects, and says that somebody waits; the next leave that to it, until their next look.
#[test]
fn who_waits_for_room_collects_unless_somebody_has_just_done_so() {
    const FAR: Duration = Duration::from_secs(600);
    let events = Events::of(1);
    for (has_one_just_done_so, expected) in [
        (false, &[Accept(1, 0), Hurry][..]),
        (true, &[Wake, Accept(1, 0), Hurry]),
    ] {
        let budget = Arc::new(Budget::new(FULL_CHUNK_BYTES, 1));
        let ship = Idle {
            settles: Some(Arc::clone(&budget)),
            ..Idle::default()
        };
        let (dispatch, ship) = by(ship, budget, Some(FAR));
        let slot = dispatch.attach();
        assert!(end(&dispatch, slot, &events));
        dispatch
            .refused
            .store(has_one_just_done_so, Ordering::Relaxed);
        assert!(end(&dispatch, slot, &events));
        assert_eq!(ship.asked(), expected);
        assert!(!dispatch.refused.load(Ordering::Relaxed));
        dispatch.close(Instant::now());
    }
}

#[test]
fn who_waits_for_room_gives_up_at_the_deadline_and_at_close() {
    let events = Events::of(1);
    for (longest, closes) in [
        (Duration::from_millis(1), false),
        (Duration::from_secs(600), true),
    ] {
        let budget = Arc::new(Budget::new(FULL_CHUNK_BYTES, 0));
        let (dispatch, _) = by(Idle::default(), budget, Some(longest));
        let slot = dispatch.attach();
        if closes {
            dispatch.budget.close();
        }
        assert!(!end(&dispatch, slot, &events));
        assert_eq!(dispatch.stats().dropped.by(DropReason::QueueFull), 1);
        dispatch.close(Instant::now());
    }
}

/// The ship thread is dead or starved.
#[test]
fn a_sweep_that_is_long_overdue_is_made_by_one_caller() {
    let (dispatch, ship) = dispatch(1, MANY);
    let slot = dispatch.attach();
    let events = Events::of(1);
    let due_ns = 1_000;
    dispatch.announce(due_ns);
    assert!(end(&dispatch, slot, &events));
    dispatch.look_after(due_ns + OVERDUE_NS);
    assert_eq!(ship.asked(), []);
    dispatch.look_after(due_ns + OVERDUE_NS + 1);
    assert_eq!(ship.asked(), [Accept(1, 0)]);
    assert!(end(&dispatch, slot, &events));
    dispatch.look_after(due_ns + OVERDUE_NS + 1);
    assert_eq!(ship.asked(), [], "that one was made");
    dispatch.close(Instant::now());
}

#[test]
fn a_flush_waits_for_what_was_there_and_close_for_everything() {
    let (dispatch, ship) = dispatch(1, MANY);
    let slot = dispatch.attach();
    let events = Events::of(1);
    let now = Instant::now();
    for epoch in [0, 1] {
        assert!(end(&dispatch, slot, &events));
        dispatch.flush(now);
        assert_eq!(ship.asked(), [Accept(1, epoch), Hurry, WaitSettled(epoch)]);
    }
    assert!(end(&dispatch, slot, &events));
    assert!(dispatch.overflow().is_some());
    dispatch.close(now);
    assert_eq!(
        ship.asked(),
        [Accept(1, 2), EndHolding, Hurry, WaitSettled(2), ShutDown]
    );
    assert!(
        dispatch.budget.is_closing(),
        "nobody waits for room any more"
    );
    assert!(dispatch.attach().is_none() && dispatch.overflow().is_none());
    assert_eq!(dispatch.stats().created, 3);
}

/// What a thread counted outlives it.
#[test]
fn the_counts_of_threads_that_are_gone_stay() {
    let (dispatch, ship) = dispatch(1, MANY);
    let slot = dispatch.attach();
    let losses = [
        Loss::SampledOut,
        Loss::Discarded(crate::response::DiscardReason::Requested),
        Loss::Dropped(DropReason::NoFields),
    ];
    assert!(end(&dispatch, slot, &Events::of(1)));
    for (loss, slot) in losses
        .into_iter()
        .flat_map(|loss| [(loss, slot), (loss, None)])
    {
        dispatch.count(slot, loss);
    }
    assert!(slot.is_some_and(|slot| {
        slot.orphan_of(dispatch.owner());
        slot.is_orphaned()
    }));
    dispatch.sweep();
    assert_eq!(ship.asked(), [Accept(1, 0)]);
    dispatch.sweep();
    assert_eq!(ship.asked(), []);
    let stats = dispatch.stats();
    assert_eq!(stats.created, 7, "{stats:?}");
    assert_eq!(
        (
            stats.sampled_out,
            stats.discarded.total(),
            stats.dropped.total()
        ),
        (2, 2, 2),
        "{stats:?}"
    );
    dispatch.close(Instant::now());
}

#[test]
fn a_childs_threads_get_no_slot_of_the_parents_and_wait_for_no_ship_thread() {
    testing::alone(
        "dispatch::collector::tests::a_childs_threads_get_no_slot_of_the_parents_and_wait_for_no_ship_thread",
        || {
            crate::process::watch(|| ());
            let inherited = || {
                let (dispatch, ship) = dispatch(16, 1_000);
                let held = Arc::clone(&dispatch);
                testing::hold_for_ever(move |stand| {
                    let _held = (held.collector.lock(), held.slots.lock());
                    stand();
                });
                testing::fork();
                (dispatch, ship)
            };
            assert!(inherited().0.attach().is_none());
            assert!(inherited().0.overflow().is_none());
            let (dispatch, ship) = inherited();
            assert!(
                dispatch.flush(Instant::now()),
                "there is nothing to wait for"
            );
            dispatch.count(None, Loss::Dropped(DropReason::Closed));
            assert_eq!(ship.asked(), []);
        },
    );
}
