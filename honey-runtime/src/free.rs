//! Free functions on the current client: the innermost `with_client`, else init's.

use std::time::Duration;

use crate::client::{FlushFuture, Inner, flush_async as flush_client_async, live};
use crate::event::Local;
use crate::fields::HoneyFields;
use crate::process;
use crate::response::Responses;
use crate::scope::Builder;
use crate::stats::Stats;
use crate::sync::Arc;

pub(crate) fn current_client() -> Option<Arc<Inner>> {
    process::notice_fork();
    Local::with(Local::current_client).flatten()
}

/// Sends what is there, and waits at most `timeout` until each event that has ended has its outcome. False: some have none yet.
/// True at once without a client.
///
/// ```
/// use std::time::Duration;
/// assert!(honey::flush(Duration::from_secs(1)));
/// ```
#[must_use = "false means that events are still on their way"]
pub fn flush(timeout: Duration) -> bool {
    current_client().is_none_or(|client| client.flush(timeout))
}

/// The same for asynchronous code, in any runtime or none. Up to 32 may wait at the same time; further ones are false at once.
///
/// ```
/// # async fn shut_down() {
/// use std::time::Duration;
/// let settled = honey::flush_async(Duration::from_secs(1)).await;
/// # }
/// ```
///
/// # Functions as a service
/// AWS Lambda and its like freeze the process when an invocation has answered, and nobody knows for how long. So each invocation
/// ends with a flush, after its event has ended, and within a limit that the caller can bear: events that are not through by then are
/// sent with the next invocation's, as long as they are younger than [`max_age`](crate::Config::max_age). A flush sends at once,
/// whatever `send_frequency` is; it costs one round trip to the server.
///
/// ```
/// # struct Request; struct Response; struct Error;
/// use std::time::Duration;
///
/// const FLUSH_TIMEOUT: Duration = Duration::from_millis(500);
///
/// #[honey::event]
/// async fn handle(request: Request) -> Result<Response, Error> {
///     # Ok(Response)
/// }
///
/// /// What the runtime calls for each invocation; `main` has made the guard, and keeps it.
/// async fn invoked(request: Request) -> Result<Response, Error> {
///     let response = handle(request).await;
///     honey::flush_async(FLUSH_TIMEOUT).await;
///     response
/// }
/// ```
pub fn flush_async(timeout: Duration) -> FlushFuture {
    match current_client() {
        Some(client) => flush_client_async(client, timeout),
        None => FlushFuture::ready(true),
    }
}

/// The balance of the current client; after `close`, the last global one's.
///
/// ```
/// let stats = honey::stats();
/// assert!(stats.is_balanced());
/// println!("{stats}"); // created 10 = delivered 8 + dropped 2 (queue full 2)
/// ```
#[must_use]
pub fn stats() -> Stats {
    match current_client() {
        Some(client) => client.stats(),
        None => live::global_stats(),
    }
}

/// What became of the current client's events: one response per event that ends from now on. Bounded: what nobody reads is
/// dropped, and nothing is built before this was called.
///
/// ```
/// for response in honey::responses() {
///     println!("{:?}", response.outcome);
/// }
/// ```
#[must_use]
pub fn responses() -> Responses {
    current_client().map_or_else(Responses::none, |client| client.subscribe())
}

/// One event with these fields, sent at once: libhoney's `send_now`.
///
/// ```
/// use std::collections::BTreeMap;
/// honey::send_now(&BTreeMap::from([("duration_ms", 153.12)]));
/// ```
pub fn send_now(fields: &impl HoneyFields) {
    Builder::new().send_now(fields);
}

/// Begins anew in a child process that came by `fork`: call it in the child, before anything is recorded. In any other process it
/// does nothing, at the cost of one system call.
///
/// A child has its parent's memory but not its threads, so that nobody there would send anything. This forgets the clients that
/// the parent had (what was pending in them is the parent's to send, and is not sent twice) and makes new ones from the same
/// configurations, with the same scopes, threads of their own and counts from 0. Guards, clients and Builders that the parent
/// made mean the new ones. Starting a client anew takes a few milliseconds. It is waited for 10 s at most: a lock of the program's own
/// that it needs may stay locked, since the thread that has it is not in the child; then the child goes on without the client, and
/// says so on stderr.
///
/// The standard library has such a lock too: each thread takes it when it begins and when it ends. In a child that was forked at just
/// such a moment no thread ever begins, honey's or another's, and who waits for one waits for ever (one fork in some thousands, while
/// threads of the parent come and go all the time). So fork before the threads start, or while none begins or ends.
///
/// - An event that was open at the fork is the parent's: in the child it ends without a trace, and the events below it have it as
///   their parent all the same.
/// - [`Responses`] are the parent's too: ask for new ones.
/// - A transmission of the program's own stays with the parent, and a client that another thread was making or closing at that moment
///   may: the child has no such client, as before `init`, and may call [`init`](crate::init) itself. A function given to
///   [`Config::on_response`](crate::Config::on_response) stays there too, but its client does not need it.
/// - The parent's connections are closed when both processes have ended.
///
/// Without this call a fork is noticed when a client is flushed, closed, asked for its stats or dropped, when a thread records its
/// first event, fills a chunk (some hundreds of events) or waits for a lock, or when the sweep is overdue, after 2 to 3 seconds.
/// Nothing is asked for each event, so that what the child has recorded until then is lost, and not counted.
///
/// A program that forks before it calls `init` needs nothing of this. A `Command` of the standard library is no fork in this sense.
///
/// ```
/// # fn fork() -> i32 { 1 }
/// # fn serve() {}
/// if fork() == 0 {
///     honey::after_fork();
///     serve();
/// }
/// ```
pub fn after_fork() {
    process::notice_fork();
}
