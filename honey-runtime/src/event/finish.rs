//! The end of an event: its record is made, counted and left in the thread's slot.

use std::time::Duration;

use super::local::Local;
use super::open::OpenEvent;
use super::random;
use super::rare::Rare;
use crate::client::Inner;
use crate::diagnostics::DiagnosticKind;
use crate::dispatch::{Loss, Refused, Slot};
use crate::isolate;
use crate::record::{Extra, Finished, Snapshot, Times, monotonic_ns, wall_offset_ns};
use crate::response::{DiscardReason, DropReason, Ending, Metadata, Outcome, Response};
use crate::sync::{Arc, Mutex};
use crate::value::Trouble;

/// Ends an event, and takes its buffer back.
#[inline(never)]
pub(crate) fn finish(event: Box<OpenEvent>) {
    let is_timed = event.is_timed;
    Local::perhaps(|local| finish_with(event, is_timed, local));
}

/// The same for a timed event, where the thread's state is at hand.
#[inline(always)]
#[expect(clippy::inline_always, reason = "once, and half of what a call costs")]
pub(super) fn finish_timed(event: Box<OpenEvent>, local: &Local) {
    finish_with(event, true, Some(local));
}

/// Ends a manual event, of which 1 in so many is kept as its rate says. Those that are not kept take the shortest way.
#[inline(never)]
pub(super) fn finish_manual(mut event: Box<OpenEvent>) {
    let is_kept = event.sample_rate <= 1 || random::below(event.sample_rate) == 0;
    event.is_sampled = is_kept;
    // Nobody else writes to a manual event.
    event.is_left_out = !is_kept && !event.has_rare() && event.trouble.is_none();
    Local::perhaps(|local| match local {
        Some(local) => finish_with(event, false, Some(local)),
        None => finish(event),
    });
}

/// `None`: the thread is past the destruction of its state.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "so that what is known of the event and the thread need not be looked at"
)]
fn finish_with(mut event: Box<OpenEvent>, is_timed: bool, local: Option<&Local>) {
    if event.is_left_out {
        end_left_out(&event, local);
    } else {
        if is_timed {
            close_cell(&mut event);
        } else {
            // Nobody has a handle of it.
            event.target.cell.close_unwritten(event.target.generation);
        }
        match &event.client {
            Some(client) if event.is_plain(is_timed) => {
                hand_over(&event, None, is_timed, client, None, local);
            }
            _ => end_otherwise(&mut event, None, local),
        }
    }
    drop_into_pool(event, local);
}

/// Ends an event that goes nowhere.
pub(crate) fn give_up(mut event: Box<OpenEvent>, loss: Loss) {
    Local::perhaps(|local| {
        close_cell(&mut event);
        end_otherwise(&mut event, Some(loss), local);
        drop_into_pool(event, local);
    });
}

/// A field may be written from elsewhere until this moment.
#[inline]
fn close_cell(event: &mut OpenEvent) {
    let (cell, generation) = (event.target.cell, event.target.generation);
    cell.close(generation, |side| event.merge(side));
}

#[inline(always)]
#[expect(clippy::inline_always, reason = "see `finish_with`")]
fn drop_into_pool(event: Box<OpenEvent>, local: Option<&Local>) {
    if let Some(local) = local {
        local.keep(event);
    }
}

#[inline]
fn slot_of(client: &Inner, local: Option<&Local>) -> Option<&'static Slot> {
    match local {
        Some(local) => local.slot(&client.dispatch),
        None => client.dispatch.overflow(),
    }
}

/// Sampling left it out, and nothing can have been written to it from elsewhere: all there is to do is to count it.
#[inline(always)]
#[expect(clippy::inline_always, reason = "for each event, once")]
fn end_left_out(event: &OpenEvent, local: Option<&Local>) {
    event.target.cell.close_unwritten(event.target.generation);
    let Some(client) = &event.client else { return };
    client
        .dispatch
        .count(slot_of(client, local), Loss::SampledOut);
    if client.responses.is_wanted() {
        respond(client, Outcome::SampledOut, Metadata::new());
    }
}

#[inline(never)]
fn end_otherwise(event: &mut OpenEvent, loss: Option<Loss>, local: Option<&Local>) {
    if let Some(client) = event.client.take() {
        let loss = loss.or_else(|| event.loss(&client));
        match loss {
            None => {
                let extra = event.take_extra(&client);
                let is_timed = event.is_timed;
                hand_over(
                    event,
                    event.rare(),
                    is_timed,
                    &client,
                    extra.as_ref(),
                    local,
                );
                if extra.is_some() {
                    // Perhaps the last reference: the ship thread may be through with the event.
                    isolate::discard(extra);
                }
            }
            Some(loss) => lose(event, &client, loss, local),
        }
        if !event.trouble.is_none() {
            report_trouble(&client, event.trouble);
        }
        event.client = Some(client);
    }
}

impl OpenEvent {
    /// Whether it is to be sent and carries nothing out of the ordinary.
    #[inline]
    fn is_plain(&self, is_timed: bool) -> bool {
        self.is_sampled
            && !self.has_rare()
            && (is_timed || !self.fields.is_empty())
            && self.trouble.is_none()
    }

    /// Why this event goes nowhere, if it does not.
    #[inline]
    fn loss(&self, client: &Inner) -> Option<Loss> {
        if self.rare().is_some_and(|rare| rare.discard) {
            return Some(Loss::Discarded(DiscardReason::Requested));
        }
        if !self.is_sampled {
            return Some(Loss::SampledOut);
        }
        let least_ns = self.rare().map_or(0, |rare| rare.min_duration_ns);
        if least_ns > 0 && self.is_faster_than(least_ns) {
            return Some(Loss::Discarded(DiscardReason::TooFast));
        }
        let has_fields = self.is_timed
            || !self.fields.is_empty()
            || self
                .snapshot
                .as_ref()
                .is_some_and(|snapshot| !snapshot.fields.is_empty());
        if has_fields {
            return None;
        }
        report_no_fields(client);
        Some(Loss::Dropped(DropReason::NoFields))
    }

    #[cold]
    fn is_faster_than(&self, least_ns: u64) -> bool {
        let is_ok = self.is_timed && self.timed.ending == Ending::Ok;
        is_ok && monotonic_ns().saturating_sub(self.started_ns) < least_ns
    }

    /// When a timed event was over, and now, about.
    #[cfg(feature = "tracing")]
    #[inline]
    fn over_and_now(&self, client: &Inner) -> (u64, u64) {
        if self.over_ns != 0 {
            // How old it is counts from when it is sent.
            return (
                self.over_ns,
                self.over_ns.max(client.dispatch.last_sweep_ns()),
            );
        }
        let now_ns = monotonic_ns();
        (now_ns, now_ns)
    }

    /// When a timed event is over: now.
    #[cfg(not(feature = "tracing"))]
    #[inline]
    #[expect(clippy::unused_self, reason = "as with the feature `tracing`")]
    fn over_and_now(&self, _client: &Inner) -> (u64, u64) {
        let now_ns = monotonic_ns();
        (now_ns, now_ns)
    }

    /// The event's time and the time it ends.
    #[inline]
    fn times(&self, rare: Option<&Rare>, is_timed: bool, client: &Inner) -> Times {
        let (offset_ns, ended_ns, duration_ns) = if is_timed {
            let (over_ns, now_ns) = self.over_and_now(client);
            let duration_ns = over_ns.saturating_sub(self.started_ns);
            (self.target.context.wall_offset_ns, now_ns, duration_ns)
        } else {
            // A manual event has read the clock once, when it was made.
            let ended_ns = self.started_ns.max(client.dispatch.last_sweep_ns());
            (wall_offset_ns(), ended_ns, 0)
        };
        Times {
            unix_ns: rare
                .and_then(|rare| rare.unix_ns)
                // Both fit for centuries.
                .unwrap_or_else(|| offset_ns.wrapping_add_unsigned(self.started_ns)),
            duration_ns,
            ended_ns,
        }
    }

    /// What goes into the chunk.
    #[inline]
    fn finished<'a>(
        &'a self,
        rare: Option<&Rare>,
        is_timed: bool,
        snapshot: &'a Arc<Snapshot>,
        times: Times,
    ) -> Finished<'a> {
        Finished {
            timed: is_timed.then_some(&self.timed),
            fields: &self.fields,
            snapshot,
            dataset: rare.and_then(|rare| rare.dataset),
            sample_rate: self.sample_rate,
            times,
        }
    }

    /// What few events carry. Metadata is kept only for those who ask.
    fn take_extra(&mut self, client: &Inner) -> Option<Arc<Extra>> {
        let dataset = self.rare()?.dataset;
        let dataset = dataset.map(|dataset| dataset.of(self.fields.view().text).to_owned());
        let rare = self.rare_mut()?;
        let mut metadata = std::mem::take(&mut rare.metadata);
        let destination = rare.destination.take().map(|mut destination| {
            if let Some(dataset) = dataset {
                Arc::make_mut(&mut destination).dataset = dataset;
            }
            destination
        });
        let outside_ids = rare.outside_ids.take();
        if !metadata.is_empty() && !client.responses.is_wanted() {
            let unwanted = std::mem::take(&mut metadata);
            isolate::discard(unwanted);
        }
        let has_some = !metadata.is_empty() || destination.is_some() || outside_ids.is_some();
        has_some.then(|| {
            Arc::new(Extra {
                destination,
                metadata: Mutex::new(metadata),
                outside_ids,
            })
        })
    }
}

/// Leaves the event's record in the thread's slot.
#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "so that the record is made where it stays; with nothing extra and nothing rare, as most events, much of it goes"
)]
fn hand_over(
    event: &OpenEvent,
    rare: Option<&Rare>,
    is_timed: bool,
    client: &Inner,
    extra: Option<&Arc<Extra>>,
    local: Option<&Local>,
) {
    let times = event.times(rare, is_timed, client);
    let Some(snapshot) = &event.snapshot else {
        return;
    };
    client.dispatch.look_after(times.ended_ns);
    let slot = slot_of(client, local);
    let finished = event.finished(rare, is_timed, snapshot, times);
    if let Err(refused) = client.dispatch.try_store(slot, &finished, extra) {
        store_later(event, client, times, extra, slot, refused);
    }
}

/// There is no room, or no slot.
#[cold]
fn store_later(
    event: &OpenEvent,
    client: &Inner,
    times: Times,
    extra: Option<&Arc<Extra>>,
    slot: Option<&'static Slot>,
    refused: Refused,
) {
    let Some(snapshot) = &event.snapshot else {
        return;
    };
    let finished = event.finished(event.rare(), event.is_timed, snapshot, times);
    let stored = client
        .dispatch
        .store_refused(slot, refused, &finished, extra);
    if let Err(reason) = stored {
        let metadata = extra.map(|extra| std::mem::take(&mut *extra.metadata.lock()));
        report_loss(client, reason);
        respond(
            client,
            Outcome::Dropped(reason),
            metadata.unwrap_or_default(),
        );
    }
}

#[inline(never)]
fn lose(event: &mut OpenEvent, client: &Inner, loss: Loss, local: Option<&Local>) {
    client.dispatch.count(slot_of(client, local), loss);
    if client.responses.is_wanted() {
        let outcome = match loss {
            Loss::SampledOut => Outcome::SampledOut,
            Loss::Discarded(reason) => Outcome::Discarded(reason),
            Loss::Dropped(reason) => Outcome::Dropped(reason),
        };
        let metadata = event
            .rare_mut()
            .map(|rare| std::mem::take(&mut rare.metadata));
        respond(client, outcome, metadata.unwrap_or_default());
    }
}

#[cold]
fn report_no_fields(client: &Inner) {
    client.diagnostics.report(DiagnosticKind::NoFields, || {
        "an event without fields was not sent; add at least one field before `send`".to_owned()
    });
}

#[cold]
fn report_trouble(client: &Inner, trouble: Trouble) {
    client.quirks.add(trouble);
    if trouble.refused_fields > 0 {
        client.diagnostics.report(DiagnosticKind::BadData, || {
            "an event holds more fields or text than honey keeps (8,192 fields, 4 MiB): the newest were refused".to_owned()
        });
    }
    if trouble.user_panics > 0 {
        client.diagnostics.report(DiagnosticKind::UserPanic, || {
            "a `Display`, `Debug`, `Serialize`, `HoneyFields` or dynamic field panicked while honey ran it: its field is marked \
             or left out"
                .to_owned()
        });
    }
}

fn report_loss(client: &Inner, reason: DropReason) {
    if reason == DropReason::QueueFull {
        client.diagnostics.report(DiagnosticKind::QueueFull, || {
            "the queue is full, so the newest events are dropped: the server is slow or away, or \
             `max_pending_bytes` is too small; `block_on_send` waits instead"
                .to_owned()
        });
    }
}

fn respond(client: &Inner, outcome: Outcome, metadata: Metadata) {
    if client.responses.is_wanted() {
        let response = Response::new(outcome, Duration::ZERO, metadata);
        client.responses.offer(response);
    } else if !metadata.is_empty() {
        isolate::discard(metadata);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Source as _;
    use crate::{Client, Config};

    /// One that was made long ago, or was over long ago, is not too old to be sent.
    #[test]
    fn an_events_age_counts_from_when_it_is_sent() {
        let client = Client::new(Config::new("").api_host(""));
        let client = client.unwrap_or_else(|error| unreachable!("{error}"));
        let Some(inner) = client.inner() else {
            unreachable!("it is not disabled")
        };
        let before_ns = monotonic_ns();
        inner.dispatch.sweep();
        let mut event = OpenEvent::new();
        event.started_ns = 1;
        assert!(event.times(None, false, inner).ended_ns >= before_ns);
        #[cfg(feature = "tracing")]
        {
            event.over_ns = 2;
            let times = event.times(None, true, inner);
            assert!(times.ended_ns >= before_ns && times.duration_ns == 1);
        }
        // Nobody was collected since it was made.
        event.started_ns = u64::MAX;
        assert_eq!(event.times(None, false, inner).ended_ns, u64::MAX);
    }
}
