//! What a transmission did with a batch, carried out; and its flushes and ticks.

use std::time::Instant;

use super::Worker;
use super::landing::Ruling;
use crate::response::{DiscardReason, DropReason, Outcome};
use crate::sender::advice;
use crate::sender::book::FlightId;
use crate::sender::encode::Body;
use crate::sender::retry::Trouble;
use crate::sender::settle::Fate;
use crate::sender::transport::Transport;
use crate::transmission::Settlement;

const LEFT_ALONE: &str = "the transmission gave it no outcome";
const PANICKED: &str = "the transmission panicked";

impl Worker {
    /// The transmission returned from a batch.
    pub(super) fn delivered(
        &mut self,
        flight: FlightId,
        settlements: &[Option<Settlement>],
        has_panicked: bool,
    ) {
        let left_alone = if has_panicked { PANICKED } else { LEFT_ALONE };
        let wants_again =
            |settlement: &&Option<Settlement>| matches!(settlement, Some(Settlement::Again(_)));
        let (lost, cause) = lost(settlements, left_alone);
        if settlements.iter().all(|one| wants_again(&one)) {
            let cause = cause_of_again(settlements);
            return self.failed(flight, Trouble::Transmission, None, None, cause);
        }
        let max_tries = self.settings.max_tries.unwrap_or(u32::MAX);
        let backoff = self.settings.backoff;
        let max_bytes = self.settings.max_in_flight_bytes;
        let mut old_body = Body::default();
        self.shared.with_landing(flight, |landing| {
            if lost > 0 {
                landing.tell(|diagnostics, _| advice::on_transmission(diagnostics, lost, cause));
            }
            landing.succeeded();
            if settlements
                .iter()
                .all(|one| *one == Some(Settlement::Accepted))
            {
                old_body = std::mem::take(&mut landing.batch.body);
                return landing.settle(Fate::new(Outcome::Accepted));
            }
            let is_last = landing.batch.tries + 1 >= max_tries;
            let again =
                landing.settle_each(|place| ruling(settlements.get(place), left_alone, is_last));
            if let Some(again) = again {
                landing.send_again_later(again, backoff, max_bytes);
            }
            old_body = std::mem::take(&mut landing.batch.body);
        });
        self.keep_body(old_body);
    }

    /// Lets the transmission put out what it holds, when somebody waits for that and all he waits for was given to it.
    pub(super) fn flush_transmission(&mut self) {
        let Transport::Local(local) = &mut self.transport else {
            return;
        };
        let Some(due) = self.shared.book.lock().flushes_due() else {
            return;
        };
        let timeout = due.deadline.saturating_duration_since(Instant::now());
        if !local.flush(timeout) {
            advice::on_transmission_panic(&self.shared.diagnostics, "flush");
        }
        self.shared.flushed(&due.numbers);
    }

    pub(super) fn tick_transmission(&mut self) {
        if let Transport::Local(local) = &mut self.transport {
            if !local.tick() {
                advice::on_transmission_panic(&self.shared.diagnostics, "tick");
            }
        }
    }
}

fn ruling<'a>(
    settlement: Option<&'a Option<Settlement>>,
    left_alone: &'a str,
    is_last_try: bool,
) -> Ruling<'a> {
    let dropped = |reason, why| Fate::because(Outcome::Dropped(reason), why);
    Ruling::Settled(match settlement.and_then(Option::as_ref) {
        Some(Settlement::Accepted) => Fate::new(Outcome::Accepted),
        Some(Settlement::Rejected(status, text)) => Fate {
            outcome: Outcome::Rejected,
            status: *status,
            body: text,
            error: "rejected by the transmission",
        },
        Some(Settlement::Failed(cause)) => dropped(DropReason::Transmission, cause.as_str()),
        Some(Settlement::Again(cause)) if is_last_try => dropped(DropReason::MaxTries, cause),
        Some(Settlement::Again(_)) => return Ruling::Again,
        Some(Settlement::Discarded) => Fate::new(Outcome::Discarded(DiscardReason::NoDestination)),
        None => dropped(DropReason::Transmission, left_alone),
    })
}

/// How many events are lost, and the first one's cause.
fn lost<'a>(settlements: &'a [Option<Settlement>], left_alone: &'a str) -> (usize, &'a str) {
    let mut causes = settlements
        .iter()
        .filter_map(|settlement| match settlement {
            Some(Settlement::Failed(cause)) => Some(cause.as_str()),
            None => Some(left_alone),
            _ => None,
        });
    let first = causes.next();
    (
        usize::from(first.is_some()) + causes.count(),
        first.unwrap_or(""),
    )
}

fn cause_of_again(settlements: &[Option<Settlement>]) -> &str {
    settlements
        .iter()
        .find_map(|settlement| match settlement {
            Some(Settlement::Again(cause)) => Some(cause.as_str()),
            _ => None,
        })
        .unwrap_or("")
}
