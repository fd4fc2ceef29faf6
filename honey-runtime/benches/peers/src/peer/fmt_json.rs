//! tracing-subscriber's JSON lines, one when a span closes, to a sink.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing_subscriber::fmt::format::FmtSpan;

use super::{Caller, Delivered, Peer, Result, Setup};
use crate::peer::otel::traced;
use crate::work::Input;

pub(crate) struct FmtJson(Arc<AtomicU64>);

impl FmtJson {
    pub(crate) fn start(setup: &Setup) -> Result<Self> {
        let lines = Arc::new(AtomicU64::new(0));
        if !setup.disabled {
            let count = Arc::clone(&lines);
            tracing_subscriber::fmt()
                .json()
                .with_span_events(FmtSpan::CLOSE)
                .with_writer(move || Count(Arc::clone(&count)))
                .try_init()
                .map_err(|error| error.to_string())?;
        }
        Ok(Self(lines))
    }
}

impl Peer for FmtJson {
    type Caller = Calls;

    fn caller(&self) -> Calls {
        Calls
    }

    fn drain(&mut self, _: u64) {}

    fn delivered(&self) -> Delivered {
        Delivered::Counted(self.0.load(Ordering::Relaxed))
    }
}

pub(crate) struct Calls;

impl Caller for Calls {
    const HAS_PARENTS: bool = true;

    fn call(&mut self, input: Input) {
        traced(input.user_id, input.label);
    }

    fn in_parent(&mut self, work: impl FnOnce(&mut Self)) {
        tracing::info_span!("parent").in_scope(|| work(self));
    }
}

/// It is given one line at a time.
struct Count(Arc<AtomicU64>);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.last() == Some(&b'\n') {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
