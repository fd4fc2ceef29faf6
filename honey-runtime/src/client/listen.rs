//! `Config::on_response`: a thread that reads the responses and calls the user's function with each.

use std::io;
use std::time::{Duration, Instant};

use super::Inner;
use crate::diagnostics::DiagnosticKind;
use crate::isolate;
use crate::response::{RecvError, ResponseHandler, Responses};
use crate::sync::{Arc, Condvar, Mutex};

/// How long the thread waits at a time; it is told of the end anyway.
const WAIT: Duration = Duration::from_secs(60);

/// The thread, as those see it who wait for its end.
pub(super) type Listener = Arc<Running>;

/// Whether it runs.
#[derive(Default)]
pub(super) struct Running {
    has_ended: Mutex<bool>,
    changed: Condvar,
}

/// Says that the thread has ended, whichever way it does.
struct Ending(Listener);

impl Drop for Ending {
    fn drop(&mut self) {
        *self.0.has_ended.lock() = true;
        self.0.changed.notify_all();
    }
}

impl Inner {
    /// Lets `handler` hear of every event that ends from now on.
    pub(crate) fn listen(self: &Arc<Self>, handler: ResponseHandler) -> io::Result<()> {
        let listener = Listener::default();
        let ending = Ending(Arc::clone(&listener));
        let responses = self.responses.subscribe();
        // The client is closed when its last handle is dropped: this thread holds none.
        let client = Arc::downgrade(self);
        std::thread::Builder::new()
            .name("honey-responses".to_owned())
            .spawn(move || {
                let _ending = ending;
                isolate::own_thread();
                hear(&responses, handler, || {
                    if let Some(client) = client.upgrade() {
                        client.report_panic();
                    }
                });
            })?;
        let _ = self.listener.set(listener);
        Ok(())
    }

    /// The receiving end for a reader. Empty when there is a handler already: each response goes to one of them.
    pub(crate) fn subscribe(&self) -> Responses {
        if !self.origin.is_here() {
            return Responses::none();
        }
        if self.listener.get().is_none() {
            return self.responses.subscribe();
        }
        self.diagnostics.report(DiagnosticKind::Misuse, || {
            "`responses()` stays empty: `Config::on_response` gets all responses of this client; use one of them".to_owned()
        });
        Responses::none()
    }

    /// Waits until the handler has had all responses. It does not wait for itself.
    pub(super) fn wait_for_listener(&self, deadline: Instant) {
        let Some(listener) = self.listener.get() else {
            return;
        };
        let mut has_ended = listener.has_ended.lock();
        while !*has_ended && Instant::now() < deadline && !isolate::is_inside() {
            has_ended = listener.changed.wait_until(has_ended, deadline);
        }
    }

    fn report_panic(&self) {
        self.quirks.count_panic();
        self.diagnostics.report(DiagnosticKind::UserPanic, || {
            "the function given to `Config::on_response` panicked; it is called again with the next response".to_owned()
        });
    }
}

fn hear(responses: &Responses, mut handler: ResponseHandler, on_panic: impl Fn()) {
    loop {
        match responses.recv_timeout(WAIT) {
            Ok(response) => {
                if isolate::run(|| handler(response)).is_none() {
                    on_panic();
                }
            }
            Err(RecvError::Timeout) => {}
            Err(RecvError::Closed) => break,
        }
    }
    isolate::discard(handler);
}
