//! HTTP on a thread of its own: one tokio runtime, one client, requests by a queue and their answers back by another.

mod call;
mod client;
mod compress;
mod endpoint;
mod exchange;
mod failure;
#[cfg(feature = "msgpack")]
mod msgpack;
mod proxy;
mod secret;
mod tls;

pub(in crate::sender) use call::Caller;
pub(in crate::sender) use endpoint::Endpoint;

use std::io;
use std::thread::JoinHandle;

use bytes::Bytes;
use crossbeam_channel::Sender;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{Completion, Load, Reply, Submitted};
use crate::body_encoding::BodyEncoding;
use crate::isolate;
use crate::sender::book::FlightId;
use crate::sender::retry::Trouble;
use crate::sender::settings::{BuildError, HttpOptions, Settings};
use crate::sync::Arc;
use client::Clients;
use compress::Compressor;

/// Threads for name look-ups, which the system offers in no other way.
const MAX_LOOKUP_THREADS: usize = 4;

/// The HTTP transport: ready, then running.
pub(in crate::sender) struct Http {
    clients: Clients,
    encoding: BodyEncoding,
    compressor: Compressor,
    caller: Caller,
    /// Until started.
    calls: Option<UnboundedReceiver<call::Asked>>,
    /// How many requests there are at a time is limited by who sends them.
    queue: Option<UnboundedSender<Job>>,
}

/// A request to be made.
struct Job {
    flight: FlightId,
    events: usize,
    /// Compressed.
    body: Bytes,
    content_type: &'static str,
    content_encoding: Option<&'static str>,
    endpoint: Arc<Endpoint>,
}

impl Http {
    pub(in crate::sender) fn new(
        options: HttpOptions,
        settings: &Settings,
    ) -> Result<Self, BuildError> {
        let (caller, calls) = Caller::new();
        Ok(Self {
            clients: Clients::new(options, settings)?,
            encoding: settings.body_encoding,
            compressor: Compressor::new(settings.compression),
            caller,
            calls: Some(calls),
            queue: None,
        })
    }

    /// For requests that bring no events; they are made once this is started.
    pub(in crate::sender) fn caller(&self) -> Caller {
        self.caller.clone()
    }

    /// Starts the thread. It ends when this transport is dropped, whatever is under way then.
    pub(in crate::sender) fn start(
        &mut self,
        results: Sender<Completion>,
        ended: impl FnOnce() + Send + 'static,
    ) -> io::Result<JoinHandle<()>> {
        let runtime = Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .max_blocking_threads(MAX_LOOKUP_THREADS)
            .thread_name("honey-dns")
            .on_thread_start(isolate::own_thread)
            .build()?;
        let runtime = Background(Some(runtime));
        let (queue, requests) = unbounded_channel();
        let clients = self.clients.clone();
        let calls = self.calls.take();
        let thread = std::thread::Builder::new()
            .name("honey-http".to_owned())
            .spawn(move || {
                let _ended = OnDrop(Some(ended));
                isolate::own_thread();
                runtime.run(async {
                    if let Some(calls) = calls {
                        tokio::spawn(call::serve(clients.clone(), calls));
                    }
                    serve(clients, requests, results).await;
                });
            })?;
        self.queue = Some(queue);
        Ok(thread)
    }

    /// Hands a request over to the thread; the reply at once when there is nobody to take it.
    pub(super) fn submit(&mut self, load: &Load<'_>, endpoint: Arc<Endpoint>) -> Submitted {
        let (content_type, body) = match self.encoding {
            BodyEncoding::Json => ("application/json", load.body.shared_json()),
            #[cfg(feature = "msgpack")]
            BodyEncoding::MessagePack => {
                let body = msgpack::batch(load.body, &(load.events)(), load.courtesy);
                ("application/msgpack", Arc::new(body))
            }
        };
        let (bytes, content_encoding) = match self.compressor.compress(&body, load.courtesy) {
            Some((compressed, encoding)) => (compressed, Some(encoding)),
            None => (Bytes::from_owner(SharedBody(body)), None),
        };
        let job = Job {
            flight: load.flight,
            events: load.body.len(),
            body: bytes,
            content_type,
            content_encoding,
            endpoint,
        };
        let bytes = Some(job.body.len());
        let why = match self.queue.as_ref().map(|queue| queue.send(job)) {
            Some(Ok(())) => return Submitted { bytes, reply: None },
            Some(Err(_)) => "honey's HTTP thread has ended",
            None => "honey's HTTP thread has not started",
        };
        let reply = Some(Reply::Failed {
            trouble: Trouble::Transport,
            why: why.to_owned(),
        });
        Submitted { bytes, reply }
    }
}

/// A body that is sent as it was written.
struct SharedBody(Arc<Vec<u8>>);

impl AsRef<[u8]> for SharedBody {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Runs each request as a task until nobody can send more.
async fn serve(
    clients: Clients,
    mut requests: UnboundedReceiver<Job>,
    results: Sender<Completion>,
) {
    while let Some(job) = requests.recv().await {
        let clients = clients.clone();
        let owed = Owed {
            flight: job.flight,
            events: job.events,
            results: results.clone(),
            reply: None,
        };
        tokio::spawn(async move {
            // The whole of it, not the one field that the block would capture.
            let mut owed = owed;
            owed.reply = Some(exchange::run(&clients, job).await);
        });
    }
}

/// A completion that is sent in any case: with the task's end, its panic, or the runtime's.
struct Owed {
    flight: u64,
    events: usize,
    results: Sender<Completion>,
    reply: Option<Reply>,
}

impl Drop for Owed {
    fn drop(&mut self) {
        let reply = self.reply.take().unwrap_or_else(|| Reply::Failed {
            trouble: Trouble::Transport,
            why: "the request was given up".to_owned(),
        });
        // Nobody listens any more: the events have their outcome already.
        let _ = self.results.send(Completion {
            flight: self.flight,
            events: self.events,
            reply,
        });
    }
}

/// A runtime that is never waited for: a name look-up that hangs would hold up whoever drops it.
struct Background(Option<Runtime>);

impl Background {
    fn run(&self, task: impl Future<Output = ()>) {
        if let Some(runtime) = &self.0 {
            runtime.block_on(task);
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

struct OnDrop<F: FnOnce()>(Option<F>);

impl<F: FnOnce()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        if let Some(run) = self.0.take() {
            run();
        }
    }
}
