//! metrique: a struct of one's own, given to a background queue when it drops, which writes JSON to a sink.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_executor::block_on;
use metrique::ServiceMetrics;
use metrique::json::Json;
use metrique::timers::{Timer, Timestamp};
use metrique::unit::Millisecond;
use metrique::unit_of_work::metrics;
use metrique::writer::sink::{AttachHandle, BackgroundQueue, BackgroundQueueJoinHandle};
use metrique::writer::{AttachGlobalEntrySinkExt, BoxEntry, EntrySink, FormatExt, GlobalEntrySink};

use super::{Caller, Delivered, Peer};
use crate::work::{Input, work};

#[metrics]
struct CallMetrics {
    #[metrics(timestamp)]
    timestamp: Timestamp,
    operation: &'static str,
    user_id: u64,
    /// An argument by reference must be copied: the record outlives the call.
    label: String,
    cache_hit: bool,
    total: f64,
    tier: &'static str,
    #[metrics(unit = Millisecond)]
    duration: Timer,
}

impl CallMetrics {
    fn begin(input: Input) -> Self {
        Self {
            timestamp: Timestamp::now(),
            operation: "call",
            user_id: input.user_id,
            label: input.label.to_owned(),
            cache_hit: false,
            total: 0.0,
            tier: "",
            duration: Timer::start_now(),
        }
    }

    fn complete(&mut self, input: Input) {
        let found = work(input.user_id, input.label);
        self.cache_hit = found.cache_hit;
        self.total = found.total;
        self.tier = found.tier;
    }
}

/// The global queue, as the documentation begins with: entries are boxed.
pub(crate) struct Global {
    lines: Arc<AtomicU64>,
    _queue: AttachHandle,
}

impl Global {
    pub(crate) fn start() -> Self {
        let lines = Arc::new(AtomicU64::new(0));
        let stream = Json::new().output_to(Count(Arc::clone(&lines)));
        Self {
            _queue: ServiceMetrics::attach_to_stream(stream),
            lines,
        }
    }
}

impl Peer for Global {
    type Caller = GlobalCalls;

    fn caller(&self) -> GlobalCalls {
        GlobalCalls
    }

    fn drain(&mut self, _: u64) {
        block_on(EntrySink::<BoxEntry>::flush_async(&ServiceMetrics::sink()));
    }

    fn delivered(&self) -> Delivered {
        Delivered::Counted(self.lines.load(Ordering::Relaxed))
    }
}

pub(crate) struct GlobalCalls;

impl Caller for GlobalCalls {
    fn call(&mut self, input: Input) {
        let mut record = CallMetrics::begin(input).append_on_drop(ServiceMetrics::sink());
        record.complete(input);
    }
}

/// A queue of this one type of entry.
pub(crate) struct Typed {
    lines: Arc<AtomicU64>,
    queue: BackgroundQueue<metrique::RootEntry<CallMetricsEntry>>,
    _handle: BackgroundQueueJoinHandle,
}

impl Typed {
    pub(crate) fn start() -> Self {
        let lines = Arc::new(AtomicU64::new(0));
        let (queue, handle) =
            BackgroundQueue::new(Json::new().output_to(Count(Arc::clone(&lines))));
        Self {
            lines,
            queue,
            _handle: handle,
        }
    }
}

impl Peer for Typed {
    type Caller = TypedCalls;

    fn caller(&self) -> TypedCalls {
        TypedCalls(self.queue.clone())
    }

    fn drain(&mut self, _: u64) {
        block_on(self.queue.flush_async());
    }

    fn delivered(&self) -> Delivered {
        Delivered::Counted(self.lines.load(Ordering::Relaxed))
    }
}

pub(crate) struct TypedCalls(BackgroundQueue<metrique::RootEntry<CallMetricsEntry>>);

impl Caller for TypedCalls {
    fn call(&mut self, input: Input) {
        let mut record = CallMetrics::begin(input).append_on_drop(self.0.clone());
        record.complete(input);
    }
}

/// A sink that counts lines.
struct Count(Arc<AtomicU64>);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let lines = memchr::memchr_iter(b'\n', bytes).count();
        self.0.fetch_add(lines as u64, Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
