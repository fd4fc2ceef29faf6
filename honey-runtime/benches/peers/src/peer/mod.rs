//! The peers: the same call, instrumented with each of them as its documentation advises.

pub(crate) mod bare;
mod emit;
mod fastrace;
mod fmt_json;
mod honey;
mod libhoney;
mod metrique;
mod otel;
mod throttle;

use std::error::Error;

use crate::work::Input;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// One way to instrument the call, set up and running.
pub(crate) trait Peer {
    /// What a thread calls through.
    type Caller: Caller + Send + 'static;
    fn caller(&self) -> Self::Caller;
    /// Waits until the events offered so far have left.
    fn drain(&mut self, offered: u64);
    /// What has arrived where this peer sends it.
    fn delivered(&self) -> Delivered;
    /// What the peer itself says of the run's end.
    fn balance(&self) -> String {
        String::new()
    }
}

/// Who knows how many events have arrived.
#[derive(Clone, Copy)]
pub(crate) enum Delivered {
    /// It is no peer: it records, and sends nothing.
    Nothing,
    /// A counter in this process.
    Counted(u64),
    /// The server.
    AtServer,
}

/// A thread's way to make calls.
pub(crate) trait Caller {
    /// Whether `in_parent` makes an event of its own.
    const HAS_PARENTS: bool = false;
    /// The instrumented call.
    fn call(&mut self, input: Input);
    /// Makes calls inside an open parent, where the peer has such.
    fn in_parent(&mut self, work: impl FnOnce(&mut Self)) {
        work(self);
    }
    /// Waits until one more event would not be dropped. Peers that can wait by themselves do that instead.
    fn make_room(&mut self) {}
}

/// How bodies are compressed, in delivery.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Gzip,
    Zstd,
}

/// How a peer is set up.
#[derive(Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, most off"
)]
pub(crate) struct Setup {
    /// The server's URL. Peers that can do without send nowhere when `in_process`.
    pub(crate) url: String,
    /// Hand events to a counter in this process instead of to the server.
    pub(crate) in_process: bool,
    /// Not set up at all: what its annotations cost where nobody asked for them.
    pub(crate) disabled: bool,
    pub(crate) compression: Compression,
    /// Bodies in MessagePack, from a peer that can.
    pub(crate) message_pack: bool,
    /// Settings other than the documented ones, for more speed.
    pub(crate) tuned: bool,
    /// honey's fields that say which process an event is from. The other libhoneys have none, and OTLP sends such once for a request.
    pub(crate) default_fields: bool,
    /// honey shows each event to a function before it is sent.
    pub(crate) before_send: bool,
    /// honey holds each trace until rules have decided about it.
    pub(crate) tail: bool,
}

/// Something to do with a peer, whichever it is.
pub(crate) trait Visitor {
    fn visit<P: Peer>(self, peer: P) -> Result<()>;
}

/// Sets the named peer up and hands it to the visitor.
pub(crate) fn with(name: &str, setup: &Setup, visitor: impl Visitor) -> Result<()> {
    match name {
        "bare" => visitor.visit(bare::Bare),
        "floor" => visitor.visit(bare::Floor::default()),
        "honey" => visitor.visit(honey::Honey::<honey::Annotated>::start(setup)?),
        "honey-polled" => visitor.visit(honey::Honey::<honey::Polled>::start(setup)?),
        "honey-manual" => visitor.visit(honey::Honey::<honey::Manual>::start(setup)?),
        "honey-event" => visitor.visit(honey::Honey::<honey::Plain>::start(setup)?),
        "honey-unsampled" => visitor.visit(honey::Honey::<honey::Unsampled>::start(setup)?),
        "honey-event-unsampled" => {
            visitor.visit(honey::Honey::<honey::PlainUnsampled>::start(setup)?)
        }
        "fastrace" => visitor.visit(fastrace::Fastrace::start(setup)),
        "otel" => visitor.visit(otel::Otel::<otel::Api>::start(setup)?),
        "tracing-otel" => visitor.visit(otel::Otel::<otel::Tracing>::start(setup)?),
        "tracing-json" => visitor.visit(fmt_json::FmtJson::start(setup)?),
        "metrique" if setup.tuned => visitor.visit(metrique::Typed::start()),
        "metrique" => visitor.visit(metrique::Global::start()),
        "emit" => visitor.visit(emit::Emit::start(setup)),
        "libhoney-rust" => visitor.visit(libhoney::Libhoney::start(setup)),
        other => Err(format!("no peer `{other}`").into()),
    }
}
