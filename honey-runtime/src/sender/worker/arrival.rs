//! What came of a request.

use super::Worker;
use crate::diagnostics::Diagnostics;
use crate::response::{DropReason, Outcome};
use crate::sender::advice;
use crate::sender::book::FlightId;
use crate::sender::queue::Queue;
use crate::sender::settle::Fate;
use crate::sender::transport::{Completion, Reply};

impl Worker {
    /// Settles or queues the events of a request that has ended.
    pub(super) fn arrive(&mut self, completion: Completion) {
        let Completion {
            flight,
            events,
            reply,
        } = completion;
        self.in_hand = Some(flight);
        match reply {
            Reply::Answer {
                status,
                retry_after,
                body,
            } => self.answered(flight, events, status, retry_after, &body),
            Reply::Failed { trouble, why } => self.failed(flight, trouble, None, None, &why),
            Reply::Settled {
                settlements,
                has_panicked,
            } => self.delivered(flight, &settlements, has_panicked),
            Reply::Unsendable(why) => {
                let fate = Fate::because(Outcome::Dropped(DropReason::Transport), &why);
                self.settle(flight, fate, |diagnostics, queue| {
                    advice::on_unsendable(diagnostics, queue, &why);
                });
            }
        }
        self.in_hand = None;
    }

    /// One outcome for all events of a request, at a destination that works. `tell` says why.
    pub(super) fn settle(
        &mut self,
        flight: FlightId,
        fate: Fate<'_>,
        tell: impl FnOnce(&Diagnostics, &Queue),
    ) {
        self.shared.with_landing(flight, |landing| {
            landing.tell(tell);
            landing.succeeded();
            landing.settle(fate);
        });
    }
}
