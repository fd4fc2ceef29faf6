//! The part of an open event that others may reach: whether it is still open, and what was written to it from other threads.
//!
//! Cells live for ever and are used again; as many exist as events were ever open at once.

use super::edit::Side;
use super::outside::SpanContext;
use crate::process::{Origin, PerProcess};
use crate::sync::{AtomicU64, Mutex, MutexGuard, Ordering};

/// The event is open.
const OPEN: u64 = 1;
/// Something lies in the side buffer that its event will take.
const WRITTEN: u64 = 2;
/// Where the generation begins in the state.
const GENERATION: u32 = 2;

/// One open event as seen from elsewhere.
pub(crate) struct OpenCell {
    /// Generation, `WRITTEN`, `OPEN`.
    state: AtomicU64,
    /// The client of the open event.
    client: AtomicU64,
    side: Mutex<Side>,
    /// The dataset of its own, for what other threads send in the event's name. Written only by events that have one.
    dataset: Mutex<OwnDataset>,
    /// The parent in another process, of a local root that has one.
    outside: Mutex<Option<Box<(u64, SpanContext)>>>,
    origin: Origin,
}

/// A dataset, and whose it is.
struct OwnDataset {
    generation: u64,
    name: String,
}

type Cells = PerProcess<Mutex<Vec<&'static OpenCell>>>;

/// The cell of no event: never open.
pub(super) static NOWHERE: OpenCell = OpenCell::new(Origin::FIRST);
static FREE: Cells = PerProcess::new(Mutex::default);
static ALL: Cells = PerProcess::new(Mutex::default);

impl OpenCell {
    const fn new(origin: Origin) -> Self {
        Self {
            state: AtomicU64::new(0),
            client: AtomicU64::new(0),
            side: Mutex::new(Side::new()),
            dataset: Mutex::new(OwnDataset {
                generation: 0,
                name: String::new(),
            }),
            outside: Mutex::new(None),
            origin,
        }
    }

    /// Whether it is this process's.
    pub(crate) fn is_here(&self) -> bool {
        self.origin.is_here()
    }

    /// A cell that no event uses.
    pub(crate) fn acquire() -> &'static OpenCell {
        if let Some(free) = FREE.lock().pop() {
            return free;
        }
        let cell: &'static OpenCell = Box::leak(Box::new(OpenCell::new(Origin::here())));
        ALL.lock().push(cell);
        cell
    }

    /// Gives a closed cell to whoever comes next.
    pub(crate) fn release(&'static self) {
        if self.origin.is_here() {
            FREE.lock().push(self);
        }
    }

    /// Opens the cell for an event of `client`; returns the generation that handles carry.
    #[inline]
    pub(crate) fn open(&self, client: u64) -> u64 {
        let generation = self.generation() + 1;
        self.client.store(client, Ordering::Relaxed);
        self.state
            .store((generation << GENERATION) | OPEN, Ordering::Release);
        generation
    }

    /// The last event's that was opened in it.
    pub(crate) fn generation(&self) -> u64 {
        self.state.load(Ordering::Relaxed) >> GENERATION
    }

    /// Closes the cell, if it is open: handles of this generation, the cell's own, write to nothing from now on. What others wrote
    /// goes to `merge`.
    ///
    /// A look and a store, for a swap costs as much as ten fields. Somebody may write between the two, and is not seen: no order between
    /// threads says that this came before the end. It is [`missed`](Self::missed), and counted as what comes after the end.
    #[inline]
    pub(crate) fn close(&self, generation: u64, merge: impl FnOnce(&mut Side)) {
        if self.state.load(Ordering::Acquire) & WRITTEN != 0 {
            // Nobody can write any more, but the side buffer still has an event that will take it.
            self.state
                .store((generation << GENERATION) | WRITTEN, Ordering::Release);
            merge(&mut self.take_side());
        }
        self.close_unwritten(generation);
    }

    /// The same for an event that nobody may have written to, which is cheaper. Who holds a handle of another generation changes
    /// nothing.
    #[inline]
    pub(crate) fn close_unwritten(&self, generation: u64) {
        self.state
            .store(generation << GENERATION, Ordering::Release);
    }

    #[cold]
    fn take_side(&self) -> Box<Side> {
        let side = self.origin.lock(&self.side);
        Box::new(side.map_or_else(Side::new, |mut side| {
            std::mem::replace(&mut *side, Side::new())
        }))
    }

    /// Whether the event of this generation is open.
    #[inline]
    pub(crate) fn is_open(&self, generation: u64) -> bool {
        let state = self.state.load(Ordering::Acquire);
        state & OPEN != 0 && state >> GENERATION == generation
    }

    /// Whether others have written to the event of this generation, or it has ended.
    #[cfg(feature = "tracing")]
    pub(crate) fn has_others(&self, generation: u64) -> bool {
        self.state.load(Ordering::Acquire) != (generation << GENERATION) | OPEN
    }

    /// The side buffer of the event of this generation; `None` when it has ended.
    pub(crate) fn side(&self, generation: u64) -> Option<MutexGuard<'_, Side>> {
        let side = self.origin.lock(&self.side)?;
        // Marked under the lock: whoever closes the cell afterwards sees the mark, and waits for this lock.
        let marked = self
            .state
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |state| {
                let ours = state & OPEN != 0 && state >> GENERATION == generation;
                ours.then_some(state | WRITTEN)
            });
        marked.is_ok().then_some(side)
    }

    /// Shows others the dataset of the event of this generation.
    pub(crate) fn show_dataset(&self, generation: u64, dataset: &str) {
        let Some(mut own) = self.origin.lock(&self.dataset) else {
            return;
        };
        own.generation = generation;
        dataset.clone_into(&mut own.name);
    }

    /// The dataset of its own that the event of this generation has, or had when it ended.
    pub(crate) fn dataset(&self, generation: u64) -> Option<String> {
        let own = self.origin.lock(&self.dataset)?;
        (own.generation == generation).then(|| own.name.clone())
    }

    /// Shows others the parent that the event of this generation has in another process.
    pub(crate) fn show_outside(&self, generation: u64, context: SpanContext) {
        let Some(mut outside) = self.origin.lock(&self.outside) else {
            return;
        };
        match &mut *outside {
            Some(last) => **last = (generation, context),
            none => *none = Some(Box::new((generation, context))),
        }
    }

    /// The parent that the event of this generation has in another process, or had when it ended.
    pub(crate) fn outside(&self, generation: u64) -> Option<SpanContext> {
        let outside = self.origin.lock(&self.outside)?;
        let (of, context) = outside.as_deref()?;
        (*of == generation).then(|| context.clone())
    }

    /// What was written to an event of `client` that closed in that moment, so that it will not take it.
    fn missed(&self, client: u64) -> u64 {
        let Some(mut side) = self.origin.lock(&self.side) else {
            return 0;
        };
        let (generation, owner) = side.owner();
        let state = self.state.load(Ordering::Acquire);
        let will_be_taken = state & WRITTEN != 0 && state >> GENERATION == generation;
        if owner != client || will_be_taken {
            return 0;
        }
        side.take_missed().changes
    }

    /// The same of all cells.
    pub(crate) fn count_missed(client: u64) -> u64 {
        let cells = ALL.lock();
        cells.iter().map(|cell| cell.missed(client)).sum()
    }

    /// The client whose event it was last.
    pub(crate) fn client(&self) -> u64 {
        self.client.load(Ordering::Relaxed)
    }

    /// How many events of `client` are open now.
    pub(crate) fn count_open(client: u64) -> u64 {
        let cells = ALL.lock();
        let open = cells.iter().filter(|cell| {
            cell.state.load(Ordering::Acquire) & OPEN != 0 && cell.client() == client
        });
        open.count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::edit::Edit;
    use crate::value::{Key, Value};

    #[test]
    fn a_side_write_is_merged_once_and_a_late_one_is_refused() {
        let cell = OpenCell::acquire();
        let generation = cell.open(u64::MAX);
        assert_eq!(OpenCell::count_open(u64::MAX), 1);
        let side = cell.side(generation);
        assert!(side.is_some());
        drop(side);
        let mut merged = 0;
        cell.close(generation, |_| merged += 1);
        assert_eq!(merged, 1);
        assert!(cell.side(generation).is_none(), "the event has ended");
        assert!(!cell.is_open(generation));
        let next = cell.open(u64::MAX);
        assert!(
            cell.side(generation).is_none(),
            "a new event in the old cell"
        );
        cell.close(next, |_| merged += 1);
        assert_eq!((merged, next), (1, generation + 1));
        cell.release();
    }

    #[test]
    fn what_is_written_in_the_moment_of_the_end_is_counted_once_and_goes_to_no_other_event() {
        const CLIENT: u64 = u64::MAX - 1;
        let key = Key::from("field");
        let write = |cell: &OpenCell, generation| {
            let mut side = cell.side(generation)?;
            let missed = side.apply(generation, CLIENT, Edit::Field(&key, Value::Bool(true)));
            Some(missed.map_or(0, |missed| missed.changes))
        };
        let cell = OpenCell::acquire();
        for is_asked in [true, false] {
            let generation = cell.open(CLIENT);
            assert_eq!(write(cell, generation), Some(0));
            assert_eq!(OpenCell::count_missed(CLIENT), 0, "its event will take it");
            // The owner had looked before that.
            cell.close_unwritten(generation);
            if is_asked {
                assert_eq!(OpenCell::count_missed(CLIENT), 1);
            }
            let next = cell.open(CLIENT);
            let missed = u64::from(!is_asked);
            assert_eq!(write(cell, next), Some(missed));
            let mut merged = 0;
            cell.close(next, |side| merged = side.take_missed().changes);
            assert_eq!((merged, OpenCell::count_missed(CLIENT)), (1, 0));
        }
        cell.release();
    }

    /// Threads that happen to meet, which on one processor they hardly do: the moment itself is in the test above.
    #[test]
    fn of_all_that_other_threads_write_nothing_is_lost_uncounted() {
        const CLIENT: u64 = u64::MAX - 2;
        let cell = OpenCell::acquire();
        let generation = AtomicU64::new(cell.open(CLIENT));
        let key = Key::from("field");
        let (mut written, mut taken) = (0, 0);
        std::thread::scope(|threads| {
            let writer = threads.spawn(|| {
                let (mut written, mut missed, mut late) = (0_u64, 0, 0_u64);
                while written + late < 50_000 {
                    let of = generation.load(Ordering::Relaxed);
                    let Some(mut side) = cell.side(of) else {
                        late += 1;
                        continue;
                    };
                    let more = side.apply(of, CLIENT, Edit::Field(&key, Value::Bool(true)));
                    missed += more.map_or(0, |missed| missed.changes);
                    written += 1;
                }
                (written, missed)
            });
            while !writer.is_finished() {
                let of = generation.load(Ordering::Relaxed);
                cell.close(of, |side| taken += side.take_missed().changes);
                generation.store(cell.open(CLIENT), Ordering::Relaxed);
            }
            if let Ok((all, missed)) = writer.join() {
                written = all;
                taken += missed;
            }
        });
        let last = generation.load(Ordering::Relaxed);
        cell.close(last, |side| taken += side.take_missed().changes);
        assert_eq!(written, taken + OpenCell::count_missed(CLIENT));
        cell.release();
    }
}
