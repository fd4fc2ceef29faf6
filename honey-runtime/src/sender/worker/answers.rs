//! What a server said, carried out: outcomes for some events, another try for others, a lesson for the destination.

use std::time::Duration;

use super::Worker;
use super::landing::{Landing, Ruling};
use crate::diagnostics::printable;
use crate::response::{DropReason, Outcome};
use crate::sender::advice;
use crate::sender::batch::Batch;
use crate::sender::book::FlightId;
use crate::sender::encode::Body;
use crate::sender::retry::{
    self, Allowance, Failure, MAX_PARTIAL_TRIES, Policy, Reading, Trouble, Verdict,
};
use crate::sender::settle::Fate;

impl Worker {
    /// The server answered.
    pub(super) fn answered(
        &mut self,
        flight: FlightId,
        events: usize,
        status: u16,
        asked: Option<Duration>,
        body: &[u8],
    ) {
        match retry::read(status, body, events) {
            Reading::Accepted(status) => self.accepted(flight, status),
            Reading::Taken(verdicts) => self.taken(flight, status, &verdicts),
            Reading::Reject(text) => self.reject(flight, status, &text),
            Reading::Bisect(text) => self.split(flight, status, &text, true),
            Reading::Split(text) => self.split(flight, status, &text, false),
            Reading::Unauthorized(text) => {
                self.failed(flight, Trouble::Unauthorized, Some(status), None, &text);
            }
            Reading::Proxy(text) => self.failed(flight, Trouble::Proxy, Some(status), None, &text),
            Reading::Throttled(text) => {
                self.failed(flight, Trouble::Throttled, Some(status), asked, &text);
            }
            Reading::Unavailable(text) => {
                self.failed(flight, Trouble::Unavailable, Some(status), asked, &text);
            }
        }
    }

    /// The server took every event.
    fn accepted(&mut self, flight: FlightId, status: u16) {
        let mut old_body = Body::default();
        self.shared.with_landing(flight, |landing| {
            landing.succeeded();
            landing.settle(Fate {
                status: Some(status),
                ..Fate::new(Outcome::Accepted)
            });
            old_body = std::mem::take(&mut landing.batch.body);
        });
        self.keep_body(old_body);
    }

    /// The server took the request: each event has its verdict, as far as the answer goes.
    fn taken(&mut self, flight: FlightId, status: u16, verdicts: &[Verdict]) {
        let backoff = self.settings.backoff;
        let max_tries = self
            .settings
            .max_tries
            .unwrap_or(MAX_PARTIAL_TRIES)
            .min(MAX_PARTIAL_TRIES);
        let max_bytes = self.settings.max_in_flight_bytes;
        let mut old_body = Body::default();
        let rejected = verdicts.iter().find_map(|verdict| match verdict {
            Verdict::Rejected(status, text) => Some((*status, text)),
            _ => None,
        });
        self.shared.with_landing(flight, |landing| {
            if let Some((status, text)) = rejected {
                landing.tell(|diagnostics, queue| {
                    advice::on_rejected(diagnostics, queue, status, text);
                });
            }
            landing.succeeded();
            let is_last = landing.batch.tries + 1 >= max_tries;
            let again = landing.settle_by(status, verdicts, is_last);
            if let Some(again) = again {
                landing.send_again_later(again, backoff, max_bytes);
            }
            old_body = std::mem::take(&mut landing.batch.body);
        });
        self.keep_body(old_body);
    }

    fn reject(&mut self, flight: FlightId, status: u16, text: &str) {
        let why = if (300..=399).contains(&status) {
            "a redirect, never followed"
        } else {
            "rejected by the server"
        };
        let fate = Fate {
            outcome: Outcome::Rejected,
            status: Some(status),
            body: text,
            error: why,
        };
        self.settle(flight, fate, |diagnostics, queue| {
            advice::on_rejected(diagnostics, queue, status, text);
        });
    }

    /// Sends halves: as far as it goes for a batch that is too large, within bounds for one that has a bad event.
    fn split(&mut self, flight: FlightId, status: u16, text: &str, is_search: bool) {
        let max_bytes = self.settings.max_in_flight_bytes;
        self.shared.with_landing(flight, |landing| {
            landing.succeeded();
            let events = landing.batch.events.len();
            let is_allowed = !is_search
                || landing
                    .batch
                    .allowance
                    .get_or_insert_with(|| Allowance::new(events))
                    .take_two();
            if events > 1 && is_allowed {
                let whole = std::mem::take(&mut landing.batch);
                for half in whole.halves() {
                    landing
                        .book
                        .send_again(landing.queue, half, landing.now, max_bytes);
                }
                landing.done.runs.extend(whole.events.runs);
                return;
            }
            landing.tell(|diagnostics, queue| {
                advice::on_rejected(diagnostics, queue, status, text);
            });
            let why = "rejected by the server";
            landing.settle(Fate {
                outcome: Outcome::Rejected,
                status: Some(status),
                body: text,
                error: why,
            });
        });
    }

    /// The destination is in trouble: it is left alone for a while, and the batch waits.
    pub(super) fn failed(
        &mut self,
        flight: FlightId,
        trouble: Trouble,
        status: Option<u16>,
        asked: Option<Duration>,
        why: &str,
    ) {
        let policy = Policy {
            backoff: self.settings.backoff,
            probe_interval: self.settings.probe_interval,
            dice: fastrand::f64(),
        };
        let max_tries = self.settings.max_tries.unwrap_or(u32::MAX);
        let max_bytes = self.settings.max_in_flight_bytes;
        let said = printable(match status {
            Some(status) if why.is_empty() => status.to_string(),
            Some(status) => format!("{status}: {why}"),
            None => why.to_owned(),
        });
        self.shared.with_landing(flight, |landing| {
            landing.tell(|diagnostics, queue| {
                advice::on_trouble(diagnostics, queue, trouble, &said);
            });
            let failure = Failure {
                trouble,
                was_probe: landing.is_probe,
                asked,
            };
            landing.failed(failure, policy, &said);
            landing.batch.tries += 1;
            if landing.batch.tries >= max_tries {
                let outcome = Outcome::Dropped(DropReason::MaxTries);
                landing.settle(Fate {
                    status,
                    ..Fate::because(outcome, why)
                });
            } else {
                let (batch, now, queue) = (
                    std::mem::take(&mut landing.batch),
                    landing.now,
                    landing.queue,
                );
                landing.book.send_again(queue, batch, now, max_bytes);
            }
        });
    }
}

impl Landing<'_> {
    fn failed(&mut self, failure: Failure, policy: Policy, why: &str) {
        if let Some(queue) = self.book.queues.get_mut(self.queue) {
            queue.gate.failed(failure, self.now, policy);
            why.clone_into(&mut queue.why);
        }
    }

    /// Each event by its own verdict, the rest unconfirmed. Returns those that go again.
    fn settle_by(&mut self, status: u16, verdicts: &[Verdict], is_last_try: bool) -> Option<Batch> {
        let events = self.batch.events.len();
        if verdicts.len() >= events
            && verdicts
                .iter()
                .all(|verdict| matches!(verdict, Verdict::Accepted(_)))
        {
            let status = verdicts.first().map(|verdict| verdict.status(status));
            self.settle(Fate {
                status,
                ..Fate::new(Outcome::Accepted)
            });
            return None;
        }
        self.settle_each(|place| match verdicts.get(place) {
            Some(Verdict::Again(..)) if !is_last_try => Ruling::Again,
            verdict => Ruling::Settled(fate_of(verdict, status)),
        })
    }
}

impl Verdict {
    fn status(&self, of_request: u16) -> u16 {
        match self {
            Verdict::Accepted(status)
            | Verdict::Rejected(status, _)
            | Verdict::Again(status, _) => *status,
            Verdict::Unconfirmed => of_request,
        }
    }
}

fn fate_of(verdict: Option<&Verdict>, status_of_request: u16) -> Fate<'_> {
    let (outcome, body, error) = match verdict {
        Some(Verdict::Accepted(_)) => (Outcome::Accepted, "", ""),
        Some(Verdict::Rejected(_, text)) => {
            (Outcome::Rejected, text.as_str(), "rejected by the server")
        }
        Some(Verdict::Again(_, text)) => (
            Outcome::Dropped(DropReason::MaxTries),
            text.as_str(),
            "turned away by the server too often",
        ),
        Some(Verdict::Unconfirmed) | None => (Outcome::Unconfirmed, "", ""),
    };
    let status = verdict.map_or(status_of_request, |verdict| {
        verdict.status(status_of_request)
    });
    Fate {
        outcome,
        status: Some(status),
        body,
        error,
    }
}
