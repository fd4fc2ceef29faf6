//! Requests to the server about the account: is the key right ([`verify`]), a marker for a deploy ([`markers`]).

mod error;
pub mod markers;
mod verify;

use std::time::{Duration, Instant};

pub use error::RequestError;
pub use verify::{Verified, verify, verify_async};

use crate::dispatch::{Answer, Call, CallResult, Cause, Promised, Question, Silence};
use crate::free::current_client;
use crate::isolate;
use crate::record::Destination;
use crate::sync::Arc;

/// As good as for ever.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// A request of the current client that is under way.
struct Asked {
    /// Where to, for messages.
    api_host: String,
    timeout: Duration,
    promised: Promised<CallResult>,
}

/// Begins a request of the current client, which `change` may lead elsewhere.
fn ask(
    question: Question,
    timeout: Duration,
    change: impl FnOnce(&mut Destination),
) -> Result<Asked, RequestError> {
    if isolate::is_inside() {
        return Err(RequestError::inside());
    }
    let client = current_client().ok_or_else(RequestError::no_client)?;
    let timeout = timeout.min(LONGEST);
    let mut destination = Arc::clone(&client.scope.snapshot().destination);
    change(Arc::make_mut(&mut destination));
    let api_host = destination.api_host.clone();
    let promised = client.dispatch.call(Call {
        destination,
        question,
        timeout,
    });
    Ok(Asked {
        api_host,
        timeout,
        promised,
    })
}

impl Asked {
    /// Blocks this thread, and needs no runtime.
    fn wait(self) -> Result<(String, Answer), RequestError> {
        let deadline = Instant::now() + self.timeout;
        let result = self.promised.wait(deadline).unwrap_or_else(|| {
            // The HTTP thread's own clock should have been first: it is starved, or has ended.
            if Instant::now() >= deadline {
                let why = format!("no answer within {:?}", self.timeout);
                return Err(Silence::new(Cause::TimedOut, why));
            }
            Err(Silence::new(Cause::Closed, ""))
        });
        answered(self.api_host, result)
    }

    async fn answer(self) -> Result<(String, Answer), RequestError> {
        let result = self.promised.await;
        let result = result.unwrap_or_else(|| Err(Silence::new(Cause::Closed, "")));
        answered(self.api_host, result)
    }
}

fn answered(api_host: String, result: CallResult) -> Result<(String, Answer), RequestError> {
    match result {
        Ok(answer) => Ok((api_host, answer)),
        Err(silence) => Err(RequestError::silence(&api_host, &silence)),
    }
}
