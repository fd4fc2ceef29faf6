//! The queues by destination: found without allocating, served in turn.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use super::events::Run;
use super::queue::{Queue, TakenUp};
use super::transport::{Route, Routes};
use crate::record::{Chunk, Destination, EventView};
use crate::sync::Arc;

/// A destination without events is forgotten after this long, with its connection state.
const EVICTED_AFTER: Duration = Duration::from_secs(60);
/// With more destinations than these it is forgotten at once: a program that takes for a dataset what is another for each event would
/// otherwise have a minute's of them here.
const MANY: usize = 1_024;
/// About what a destination takes beside its events' bytes: its names, its queue, and a chunk for a few events. More than
/// [`MANY`] of them count against the budget.
const QUEUE_BYTES: u64 = 1_536;

pub(super) type QueueId = u64;

/// All destinations that have events, or had some a minute ago.
#[derive(Default)]
pub(super) struct Directory {
    queues: BTreeMap<QueueId, Queue>,
    by_hash: HashMap<u64, Vec<QueueId>>,
    /// By where the destination is that a queue holds.
    by_place: HashMap<usize, QueueId>,
    hasher: RandomState,
    last_id: QueueId,
    /// Who was served last.
    turn: QueueId,
    /// What is charged to the budget for the destinations themselves.
    charged: u64,
    /// What the one queue is found under when no destination matters.
    anywhere: Arc<Destination>,
}

/// A destination that is not put together yet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Address<'a> {
    pub(super) base: &'a Arc<Destination>,
    pub(super) dataset: &'a str,
}

impl<'a> Address<'a> {
    /// The event's own endpoint or dataset, else its scope's. An empty dataset is no override.
    pub(super) fn of(event: &EventView<'a>) -> Self {
        let own = event
            .record
            .extra
            .as_ref()
            .and_then(|extra| extra.destination.as_ref());
        let base = own.unwrap_or(&event.snapshot.destination);
        let named = match own {
            Some(_) => None,
            None => event
                .record
                .dataset
                .map(|dataset| dataset.of(event.fields.text).trim()),
        };
        let dataset = named.filter(|dataset| !dataset.is_empty());
        Self {
            base,
            dataset: dataset.unwrap_or_else(|| base.dataset.trim()),
        }
    }

    fn is_that_of(self, destination: &Destination) -> bool {
        destination.dataset == self.dataset
            && destination.api_host == self.base.api_host
            && destination.api_key == self.base.api_key
    }

    fn to_destination(self) -> Arc<Destination> {
        if self.base.dataset == self.dataset {
            return Arc::clone(self.base);
        }
        Arc::new(Destination {
            dataset: self.dataset.to_owned(),
            ..Destination::clone(self.base)
        })
    }
}

/// What comes in for a destination.
pub(super) enum Arriving<'a> {
    /// Events that stay in their chunk.
    Chunk(Run),
    /// One event of a chunk, to be copied.
    Event {
        chunk: &'a mut Chunk,
        index: usize,
        epoch: u64,
    },
}

impl Directory {
    pub(super) fn get(&self, id: QueueId) -> Option<&Queue> {
        self.queues.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: QueueId) -> Option<&mut Queue> {
        self.queues.get_mut(&id)
    }

    pub(super) fn len(&self) -> usize {
        self.queues.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Queue> {
        self.queues.values()
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = (QueueId, &Queue)> {
        self.queues.iter().map(|(id, queue)| (*id, queue))
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Queue> {
        self.queues.values_mut()
    }

    /// Hands the run's events to `put` with their queue. They stay in their chunk where all of it goes to one destination and the
    /// chunk is well filled. Else each is to be copied: one destination that is slow must not keep chunks of which it has a few
    /// events, for the budget counts only those.
    pub(super) fn sort(
        &mut self,
        run: Run,
        routes: &Routes,
        now: Instant,
        mut put: impl FnMut(Arriving<'_>, &mut Queue),
    ) -> Option<Run> {
        let first = run.chunk.get(run.start)?;
        let goes_one_way = !routes.differ() || run.chunk.goes_one_way();
        if goes_one_way && !run.chunk.is_sparse() {
            let id = self.queue_of(&first, routes, now);
            if let Some(queue) = self.queues.get_mut(&id) {
                put(Arriving::Chunk(run), queue);
            }
            return None;
        }
        let Run {
            epoch, start, end, ..
        } = run;
        let mut chunk = match Arc::try_unwrap(run.chunk) {
            Ok(held) => held.into_chunk(),
            // As nobody else has it yet this does not happen; if it did, no event may be lost for it.
            Err(chunk) => {
                self.refer(&Run { chunk, ..run }, routes, now, put);
                return None;
            }
        };
        let mut id = None;
        for index in start..end {
            let Some(event) = chunk.get(index) else {
                break;
            };
            let to = match id {
                Some(id) if goes_one_way => id,
                _ => self.queue_of(&event, routes, now),
            };
            id = Some(to);
            if let Some(queue) = self.queues.get_mut(&to) {
                let chunk = &mut chunk;
                put(
                    Arriving::Event {
                        chunk,
                        index,
                        epoch,
                    },
                    queue,
                );
            }
        }
        Some(Run::emptied(chunk, epoch))
    }

    /// Hands on the events of a chunk that others have too, each by itself.
    fn refer(
        &mut self,
        run: &Run,
        routes: &Routes,
        now: Instant,
        mut put: impl FnMut(Arriving<'_>, &mut Queue),
    ) {
        for index in run.start..run.end {
            let Some(event) = run.chunk.get(index) else {
                break;
            };
            let to = self.queue_of(&event, routes, now);
            let one = Run {
                start: index,
                end: index + 1,
                ..run.clone()
            };
            if let Some(queue) = self.queues.get_mut(&to) {
                put(Arriving::Chunk(one), queue);
            }
        }
    }

    fn queue_of(&mut self, event: &EventView<'_>, routes: &Routes, now: Instant) -> QueueId {
        if !routes.differ() {
            let anywhere = Arc::clone(&self.anywhere);
            let address = Address {
                base: &anywhere,
                dataset: "",
            };
            return self.find_or_add(address, routes, now);
        }
        let address = Address::of(event);
        // Most events name no destination of their own, and scopes keep theirs where it is.
        let place = Arc::as_ptr(address.base).addr();
        if let Some(id) = self.by_place.get(&place) {
            let known = self.queues.get(id).map(|queue| &queue.destination);
            if known.is_some_and(|known| {
                Arc::ptr_eq(known, address.base) && known.dataset == address.dataset
            }) {
                return *id;
            }
        }
        let id = self.find_or_add(address, routes, now);
        let is_its = |queue: &Queue| Arc::ptr_eq(&queue.destination, address.base);
        if self.queues.get(&id).is_some_and(is_its) {
            self.by_place.insert(place, id);
        }
        id
    }

    /// Asks the queues one after the other, beginning behind the one that was served last.
    pub(super) fn in_turn(
        &mut self,
        mut serve: impl FnMut(&mut Queue) -> Option<(TakenUp, Route)>,
    ) -> Option<(QueueId, TakenUp, Route)> {
        let behind = self.turn + 1..;
        let before = ..=self.turn;
        let mut serve = |(id, queue): (&QueueId, &mut Queue)| {
            let (taken, route) = serve(queue)?;
            Some((*id, taken, route))
        };
        let mut served = self.queues.range_mut(behind).find_map(&mut serve);
        if served.is_none() {
            served = self.queues.range_mut(before).find_map(&mut serve);
        }
        self.turn = served.as_ref().map_or(self.turn, |(id, ..)| *id);
        served
    }

    /// What the budget is to be charged since this was asked last: bytes for the destinations that are too many.
    pub(super) fn take_charge(&mut self) -> u64 {
        let more = self.overhead().saturating_sub(self.charged);
        self.charged += more;
        more
    }

    /// Returns what is to be given back to the budget for those that are forgotten.
    pub(super) fn forget_idle(&mut self, now: Instant) -> u64 {
        let Self {
            queues,
            by_hash,
            by_place,
            ..
        } = self;
        let before = queues.len();
        let after = if before > MANY {
            Duration::ZERO
        } else {
            EVICTED_AFTER
        };
        queues.retain(|_, queue| !queue.is_forgettable(now, after));
        if queues.len() == before {
            return 0;
        }
        by_place.retain(|_, id| queues.contains_key(id));
        by_hash.retain(|_, ids| {
            ids.retain(|id| queues.contains_key(id));
            !ids.is_empty()
        });
        let less = self.charged.saturating_sub(self.overhead());
        self.charged -= less;
        less
    }

    fn overhead(&self) -> u64 {
        QUEUE_BYTES * self.queues.len().saturating_sub(MANY) as u64
    }

    fn find_or_add(&mut self, address: Address<'_>, routes: &Routes, now: Instant) -> QueueId {
        let parts = (
            &address.base.api_host,
            &address.base.api_key,
            address.dataset,
        );
        let ids = self.by_hash.entry(self.hasher.hash_one(parts)).or_default();
        let queues = &self.queues;
        let known = ids.iter().find(|id| {
            queues
                .get(id)
                .is_some_and(|queue| address.is_that_of(&queue.destination))
        });
        if let Some(id) = known {
            return *id;
        }
        self.last_id += 1;
        ids.push(self.last_id);
        let destination = address.to_destination();
        let route = routes.to(&destination);
        self.queues
            .insert(self.last_id, Queue::new(destination, route, now));
        self.last_id
    }
}

#[cfg(all(test, feature = "http"))]
mod tests {
    use super::*;
    use crate::record::FieldBuffer;
    use crate::sender::testing::{destination, fields, record, snapshot};

    #[test]
    fn what_is_idle_is_forgotten_after_a_minute_and_at_once_where_there_are_many() {
        let mut directory = Directory::default();
        let start = Instant::now();
        let add = |directory: &mut Directory, number: usize| {
            let base = destination("http://[::1]:1", "");
            let address = Address {
                base: &base,
                dataset: &number.to_string(),
            };
            directory.find_or_add(address, &Routes::Http, start)
        };
        (0..MANY).for_each(|number| {
            add(&mut directory, number);
        });
        directory.forget_idle(start + EVICTED_AFTER / 2);
        assert_eq!(directory.len(), MANY);
        assert_eq!(directory.take_charge(), 0);
        let busy = add(&mut directory, MANY);
        if let Some(queue) = directory.get_mut(busy) {
            queue.in_flight = 1;
        }
        assert_eq!(directory.take_charge(), QUEUE_BYTES);
        assert_eq!(directory.take_charge(), 0, "charged already");
        assert_eq!(directory.forget_idle(start), QUEUE_BYTES);
        assert_eq!(directory.len(), 1, "what is under way stays");
        (1..MANY).for_each(|number| {
            add(&mut directory, number);
        });
        assert_eq!(directory.forget_idle(start + EVICTED_AFTER), 0);
        assert_eq!(directory.len(), 1);
    }

    #[test]
    fn a_chunk_that_others_have_loses_no_event_when_it_goes_several_ways() {
        let mut chunk = Chunk::default();
        for dataset in ["a", "b", "a"] {
            let to = destination("http://[::1]:1", dataset);
            let own = fields([("n", 1.into())]);
            chunk.push(record(), &own, &snapshot(to, FieldBuffer::new()));
        }
        let run = Run::whole(chunk, 1);
        let shared = run.clone();
        let mut arrived = Vec::new();
        let mut directory = Directory::default();
        let now = Instant::now();
        let emptied = directory.sort(run, &Routes::Http, now, |arriving, queue| {
            let Arriving::Chunk(one) = arriving else {
                unreachable!("copied, although it is shared")
            };
            arrived.push((queue.destination.dataset.clone(), one.start..one.end));
        });
        assert!(emptied.is_none());
        let expected = [("a", 0..1), ("b", 1..2), ("a", 2..3)];
        assert_eq!(arrived, expected.map(|(to, at)| (to.to_owned(), at)));
        assert_eq!(shared.len(), 3);
    }
}
