//! The end of an event: its record is made, counted and left in the thread's slot.

use std::time::Duration;

use super::local::Local;
use super::open::OpenEvent;
use crate::client::Inner;
use crate::diagnostics::DiagnosticKind;
use crate::dispatch::Loss;
use crate::isolate;
use crate::record::{Extra, Finished, Times, monotonic_ns, wall_offset_ns};
use crate::response::{DiscardReason, DropReason, Ending, Metadata, Outcome, Response};
use crate::sync::{Arc, Mutex};
use crate::value::Trouble;

/// Ends an event, and takes its buffer back.
#[inline]
pub(crate) fn finish(event: Box<OpenEvent>) {
    end(event, None);
}

/// Ends an event that goes nowhere.
pub(crate) fn give_up(event: Box<OpenEvent>, loss: Loss) {
    end(event, Some(loss));
}

fn end(mut event: Box<OpenEvent>, loss: Option<Loss>) {
    if event.is_left_out {
        end_left_out(&event);
        return drop_into_pool(event);
    }
    // A field may be written from elsewhere until this moment.
    let (cell, generation) = (event.target.cell, event.target.generation);
    cell.close(generation, |side| event.merge(side));
    if loss.is_none() && event.is_plain() {
        store_plain(&event);
    } else {
        end_otherwise(&mut event, loss);
    }
    drop_into_pool(event);
}

#[inline]
fn drop_into_pool(event: Box<OpenEvent>) {
    let _ = Local::with(|local| local.keep(event));
}

/// Sampling left it out when it began: all there is to do is to count it.
#[inline]
fn end_left_out(event: &OpenEvent) {
    event.target.cell.close_unwritten(event.target.generation);
    let Some(client) = &event.client else { return };
    let slot = Local::with(|local| local.slot(&client.dispatch))
        .unwrap_or_else(|| client.dispatch.overflow());
    client.dispatch.count(slot, Loss::SampledOut);
    if client.responses.is_wanted() {
        respond(client, Outcome::SampledOut, Metadata::new());
    }
}

#[inline(never)]
fn end_otherwise(event: &mut OpenEvent, loss: Option<Loss>) {
    if let Some(client) = event.client.take() {
        let loss = loss.or_else(|| event.loss(&client));
        match loss {
            None => store(event, &client),
            Some(loss) => lose(event, &client, loss),
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
    fn is_plain(&self) -> bool {
        self.is_sampled
            && !self.discard
            && self.min_duration_ns == 0
            && (self.is_timed || !self.fields.is_empty())
            && self.metadata.is_empty()
            && self.destination.is_none()
            && self.outside_ids.is_none()
            && self.trouble.is_none()
    }

    /// Why this event goes nowhere, if it does not.
    #[inline]
    fn loss(&self, client: &Inner) -> Option<Loss> {
        if self.discard {
            return Some(Loss::Discarded(DiscardReason::Requested));
        }
        if !self.is_sampled {
            return Some(Loss::SampledOut);
        }
        if self.min_duration_ns > 0 && self.is_too_fast() {
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
    fn is_too_fast(&self) -> bool {
        let is_ok = self.is_timed && self.timed.ending == Ending::Ok;
        is_ok && monotonic_ns().saturating_sub(self.started_ns) < self.min_duration_ns
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
    fn times(&self, client: &Inner) -> Times {
        let (offset_ns, ended_ns, duration_ns) = if self.is_timed {
            let (over_ns, now_ns) = self.over_and_now(client);
            let duration_ns = over_ns.saturating_sub(self.started_ns);
            (self.target.context.wall_offset_ns, now_ns, duration_ns)
        } else {
            // A manual event has read the clock once, when it was made.
            let ended_ns = self.started_ns.max(client.dispatch.last_sweep_ns());
            (wall_offset_ns(), ended_ns, 0)
        };
        let started = i64::try_from(self.started_ns).unwrap_or(i64::MAX);
        Times {
            unix_ns: self
                .unix_ns
                .unwrap_or_else(|| started.saturating_add(offset_ns)),
            duration_ns,
            ended_ns,
        }
    }

    /// What few events carry. Metadata is kept only for those who ask.
    #[inline]
    fn take_extra(&mut self, client: &Inner) -> Option<Arc<Extra>> {
        if self.metadata.is_empty() && self.destination.is_none() && self.outside_ids.is_none() {
            return None;
        }
        Some(Arc::new(self.make_extra(client)))
    }

    #[cold]
    fn make_extra(&mut self, client: &Inner) -> Extra {
        let mut metadata = std::mem::take(&mut self.metadata);
        if !client.responses.is_wanted() {
            let unwanted = std::mem::take(&mut metadata);
            isolate::discard(unwanted);
        }
        let text = self.fields.view().text;
        let dataset = self.dataset.map(|dataset| dataset.of(text).to_owned());
        let destination = self.destination.take().map(|mut destination| {
            if let Some(dataset) = dataset {
                Arc::make_mut(&mut destination).dataset = dataset;
            }
            destination
        });
        Extra {
            destination,
            metadata: Mutex::new(metadata),
            outside_ids: self.outside_ids.take(),
        }
    }
}

#[inline]
fn store_plain(event: &OpenEvent) {
    if let Some(client) = &event.client {
        hand_over(event, client, None);
    }
}

fn store(event: &mut OpenEvent, client: &Inner) {
    let extra = event.take_extra(client);
    hand_over(event, client, extra);
}

#[inline(always)]
#[expect(
    clippy::inline_always,
    reason = "twice in all; most events carry nothing extra"
)]
fn hand_over(event: &OpenEvent, client: &Inner, extra: Option<Arc<Extra>>) {
    let times = event.times(client);
    let Some(snapshot) = &event.snapshot else {
        return;
    };
    client.dispatch.look_after(times.ended_ns);
    let mut finished = Finished {
        timed: event.is_timed.then_some(&event.timed),
        fields: &event.fields,
        snapshot,
        dataset: event.dataset,
        sample_rate: event.sample_rate,
        times,
        extra,
    };
    let slot = Local::with(|local| local.slot(&client.dispatch))
        .unwrap_or_else(|| client.dispatch.overflow());
    if let Err(reason) = client.dispatch.store(slot, &mut finished) {
        refused(client, reason, finished.extra);
    }
}

#[cold]
fn refused(client: &Inner, reason: DropReason, extra: Option<Arc<Extra>>) {
    let metadata = extra
        .map(|extra| std::mem::take(&mut *extra.metadata.lock()))
        .unwrap_or_default();
    report_loss(client, reason);
    respond(client, Outcome::Dropped(reason), metadata);
}

#[inline(never)]
fn lose(event: &mut OpenEvent, client: &Arc<Inner>, loss: Loss) {
    let slot = Local::with(|local| local.slot(&client.dispatch))
        .unwrap_or_else(|| client.dispatch.overflow());
    client.dispatch.count(slot, loss);
    if client.responses.is_wanted() {
        let outcome = match loss {
            Loss::SampledOut => Outcome::SampledOut,
            Loss::Discarded(reason) => Outcome::Discarded(reason),
            Loss::Dropped(reason) => Outcome::Dropped(reason),
        };
        let metadata = std::mem::take(&mut event.metadata);
        respond(client, outcome, metadata);
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
