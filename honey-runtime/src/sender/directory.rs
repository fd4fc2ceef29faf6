//! The queues by destination: found without allocating, served in turn.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, RandomState};
use std::time::Instant;

use super::events::Run;
use super::queue::{Queue, TakenUp};
use super::transport::{Route, Routes};
use crate::record::{Destination, EventRecord, EventView};
use crate::sync::Arc;

pub(super) type QueueId = u64;

/// All destinations that have events, or had some a minute ago.
#[derive(Default)]
pub(super) struct Directory {
    queues: BTreeMap<QueueId, Queue>,
    by_hash: HashMap<u64, Vec<QueueId>>,
    hasher: RandomState,
    last_id: QueueId,
    /// Who was served last.
    turn: QueueId,
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

/// Whether two events of a chunk go to the same place without anybody looking closer: nearly all do.
fn is_alike(one: &EventRecord, other: &EventRecord) -> bool {
    let is_plain = |event: &EventRecord| event.dataset.is_none() && event.extra.is_none();
    one.snapshot == other.snapshot && is_plain(one) && is_plain(other)
}

impl Directory {
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

    /// Hands the run's events to `put` with their queue, cut where the destination changes.
    pub(super) fn sort(
        &mut self,
        run: Run,
        routes: &Routes,
        now: Instant,
        mut put: impl FnMut(Run, QueueId, &mut Queue),
    ) {
        if !routes.differ() {
            let anywhere = Arc::clone(&self.anywhere);
            let address = Address {
                base: &anywhere,
                dataset: "",
            };
            let id = self.find_or_add(address, routes, now);
            if let Some(queue) = self.queues.get_mut(&id) {
                put(run, id, queue);
            }
            return;
        }
        let mut rest = run;
        let chunk = Arc::clone(&rest.chunk);
        while rest.len() > 0 {
            let Some(first) = chunk.get(rest.start) else {
                return;
            };
            let address = Address::of(&first);
            let is_same = |index: &usize| {
                let record = chunk.records().get(*index);
                record.is_some_and(|record| is_alike(record, first.record))
                    || chunk
                        .get(*index)
                        .is_some_and(|event| Address::of(&event) == address)
            };
            let same = (rest.start..rest.end).take_while(is_same).count();
            let part = rest.take_front(same.max(1));
            let id = self.find_or_add(address, routes, now);
            if let Some(queue) = self.queues.get_mut(&id) {
                put(part, id, queue);
            }
        }
    }

    /// Asks the queues one after the other, beginning behind the one that was served last.
    pub(super) fn in_turn(
        &mut self,
        mut serve: impl FnMut(&mut Queue) -> Option<(TakenUp, Route)>,
    ) -> Option<(QueueId, TakenUp, Route)> {
        let ids = self
            .queues
            .range(self.turn + 1..)
            .chain(self.queues.range(..=self.turn));
        let ids: Vec<QueueId> = ids.map(|(id, _)| *id).collect();
        ids.into_iter().find_map(|id| {
            let (taken, route) = serve(self.queues.get_mut(&id)?)?;
            self.turn = id;
            Some((id, taken, route))
        })
    }

    pub(super) fn forget_idle(&mut self, now: Instant) {
        let Self {
            queues, by_hash, ..
        } = self;
        queues.retain(|_, queue| !queue.is_forgettable(now));
        by_hash.retain(|_, ids| {
            ids.retain(|id| queues.contains_key(id));
            !ids.is_empty()
        });
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
