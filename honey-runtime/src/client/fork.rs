//! What becomes of a client in a child process that came by fork.
//!
//! Its threads are the parent's, and so is what it holds: it is never dropped, locked or joined here. All that is left of it is the
//! way to the client that takes its place.

use super::Inner;
use crate::process;
use crate::sync::{Arc, Ordering};

impl Inner {
    /// The client that stands for this one in this process: itself, or after a fork its successor, if it has one.
    pub(crate) fn here(self: &Arc<Self>) -> &Arc<Self> {
        let mut here = self;
        while let Some(successor) = here.successor.get() {
            here = successor;
        }
        here
    }

    /// The same, in a process that may be a child that nobody has noticed yet.
    pub(crate) fn here_now(self: &Arc<Self>) -> &Arc<Self> {
        process::notice_fork();
        self.here()
    }

    /// In a child process: takes nothing more, tells nobody anything, waits for nobody.
    pub(crate) fn forget(&self, successor: Option<Arc<Inner>>) {
        self.is_closed.store(true, Ordering::Release);
        if let Some(successor) = successor {
            let _ = self.successor.set(successor);
        }
    }
}
