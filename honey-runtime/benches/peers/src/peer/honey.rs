//! honey: annotated functions, and events by hand.

use std::io::{self, Write};
use std::marker::PhantomData;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use honey::sampling::{Rate, TailRules, When};

use super::{Caller, Compression, Delivered, Peer, Result, Setup};
use crate::work::{Input, work};

/// Longer than any run: what does not arrive by then counts as lost.
const PATIENCE: Duration = Duration::from_mins(2);

pub(crate) struct Honey<C> {
    /// Closes the client when this drops.
    _guard: Option<honey::Guard>,
    /// Lines written; `None` when they go to the server.
    lines: Option<Arc<AtomicU64>>,
    caller: PhantomData<C>,
}

impl<C> Honey<C> {
    pub(crate) fn start(setup: &Setup) -> Result<Self> {
        let lines = setup.in_process.then(|| Arc::new(AtomicU64::new(0)));
        let config = honey::Config::new("a-key")
            .service_name("peers")
            .default_fields(setup.default_fields);
        let config = match &lines {
            Some(lines) => config.transmission(honey::transmission::Writer::new(CountLines(
                Arc::clone(lines),
            ))),
            None => config
                .api_host(&setup.url)
                .compression(match setup.compression {
                    Compression::None => honey::Compression::None,
                    Compression::Gzip => honey::Compression::Gzip,
                    Compression::Zstd => honey::Compression::Zstd(1),
                })
                .body_encoding(if setup.message_pack {
                    honey::BodyEncoding::MessagePack
                } else {
                    honey::BodyEncoding::Json
                })
                .block_on_send(PATIENCE),
        };
        let config = if setup.before_send {
            config.before_send(|event| {
                if event.get("user_id").is_none() && event.name() != Some("parent") {
                    event.discard();
                }
            })
        } else {
            config
        };
        let config = if setup.tail {
            config.tail(keep_all())
        } else {
            config
        };
        let guard = (!setup.disabled).then(|| honey::init(config)).transpose()?;
        Ok(Self {
            _guard: guard,
            lines,
            caller: PhantomData,
        })
    }
}

/// Rules that are all asked, and keep everything, so that what arrives can be counted.
fn keep_all() -> TailRules {
    TailRules::new()
        .keep_errors()
        .keep_slower_than(Duration::from_secs(1))
        .rule(When::field("tier").is("platinum"), Rate::one_in(10))
        .otherwise(Rate::all())
}

impl<C: Caller + Default + Send + 'static> Peer for Honey<C> {
    type Caller = C;

    fn caller(&self) -> C {
        C::default()
    }

    fn drain(&mut self, _: u64) {
        // Whether all of it has arrived shows in what has been delivered.
        let _ = honey::flush(PATIENCE);
    }

    fn delivered(&self) -> Delivered {
        let stats = honey::stats();
        // The balance must agree with what the writer saw.
        let delivered = stats.delivered();
        let lines = self
            .lines
            .as_ref()
            .map_or(delivered, |lines| lines.load(Ordering::Relaxed));
        // What sampling left out has come as far as it is to come.
        Delivered::Counted(delivered.min(lines) + stats.sampled_out)
    }

    fn balance(&self) -> String {
        honey::stats().to_string()
    }
}

/// `#[honey::event]`.
#[derive(Default)]
pub(crate) struct Annotated;

impl Caller for Annotated {
    const HAS_PARENTS: bool = true;

    fn call(&mut self, input: Input) {
        call(input.user_id, input.label);
    }

    fn in_parent(&mut self, work: impl FnOnce(&mut Self)) {
        honey::in_child_event("parent", || work(self));
    }
}

#[honey::event(fields(user_id, label))]
fn call(user_id: u64, label: &str) {
    let found = work(user_id, label);
    let event = honey::current();
    event.add_field("cache.hit", found.cache_hit);
    event.add_field("total", found.total);
    event.add_field("tier", found.tier);
}

/// An async function that is pending twice.
#[derive(Default)]
pub(crate) struct Polled;

impl Caller for Polled {
    fn call(&mut self, input: Input) {
        let mut future = pin!(call_later(input.user_id, input.label));
        let mut context = Context::from_waker(Waker::noop());
        while future.as_mut().poll(&mut context).is_pending() {}
    }
}

#[honey::event(fields(user_id, label))]
async fn call_later(user_id: u64, label: &str) {
    Later(2).await;
    let found = work(user_id, label);
    let event = honey::current();
    event.add_field("cache.hit", found.cache_hit);
    event.add_field("total", found.total);
    event.add_field("tier", found.tier);
}

/// Pending so many times.
struct Later(u32);

impl Future for Later {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.0 == 0 {
            return Poll::Ready(());
        }
        self.0 -= 1;
        Poll::Pending
    }
}

/// [`Annotated`], below a parent that sampling leaves out.
#[derive(Default)]
pub(crate) struct Unsampled;

impl Caller for Unsampled {
    const HAS_PARENTS: bool = true;

    fn call(&mut self, input: Input) {
        call(input.user_id, input.label);
    }

    fn in_parent(&mut self, work: impl FnOnce(&mut Self)) {
        honey::in_child_event("parent", || {
            honey::current().sample(u32::MAX);
            work(self);
        });
    }
}

/// `new`, five fields, `send`.
#[derive(Default)]
pub(crate) struct Plain;

impl Caller for Plain {
    fn call(&mut self, input: Input) {
        plain(honey::Event::new(), input);
    }
}

/// The same, left out by sampling.
#[derive(Default)]
pub(crate) struct PlainUnsampled;

impl Caller for PlainUnsampled {
    fn call(&mut self, input: Input) {
        let mut event = honey::Event::new();
        event.set_sample_rate(u32::MAX);
        plain(event, input);
    }
}

fn plain(mut event: honey::Event, input: Input) {
    event.add_field("user_id", input.user_id);
    event.add_field("label", input.label);
    let found = work(input.user_id, input.label);
    event.add_field("cache.hit", found.cache_hit);
    event.add_field("total", found.total);
    event.add_field("tier", found.tier);
    event.send();
}

/// The same fields on a manual event, with its timer.
#[derive(Default)]
pub(crate) struct Manual;

impl Caller for Manual {
    fn call(&mut self, input: Input) {
        let mut event = honey::Event::new();
        event.add_field("name", "call");
        event.add_field("user_id", input.user_id);
        event.add_field("label", input.label);
        let began = std::time::Instant::now();
        let found = work(input.user_id, input.label);
        event.add_field("cache.hit", found.cache_hit);
        event.add_field("total", found.total);
        event.add_field("tier", found.tier);
        event.add_field("duration_ms", honey::ms(began.elapsed()));
        event.send();
    }
}

/// A sink that counts the lines it is given.
struct CountLines(Arc<AtomicU64>);

impl Write for CountLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let lines = memchr::memchr_iter(b'\n', bytes).count();
        self.0.fetch_add(lines as u64, Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
