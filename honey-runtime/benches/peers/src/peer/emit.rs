//! emit, with its OTLP emitter over HTTP to the server.

use std::time::Duration;

use super::{Caller, Delivered, Peer, Setup};
use crate::work::{Input, work};

const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Emit(Option<Box<dyn Fn()>>);

impl Emit {
    pub(crate) fn start(setup: &Setup) -> Self {
        if setup.disabled {
            return Self(None);
        }
        let transport = emit_otlp::http(format!("{}/v1/traces", setup.url));
        let transport = if setup.tuned {
            transport.allow_compression(false)
        } else {
            transport
        };
        let emitter = emit_otlp::new()
            .resource(emit::props! { #[emit::key("service.name")] service_name: "peers" })
            .traces(emit_otlp::traces_proto(transport))
            .spawn();
        let runtime = emit::setup().emit_to(emitter).init();
        Self(Some(Box::new(move || {
            runtime.blocking_flush(PATIENCE);
        })))
    }
}

impl Peer for Emit {
    type Caller = Calls;

    fn caller(&self) -> Calls {
        Calls
    }

    fn drain(&mut self, _: u64) {
        if let Some(flush) = &self.0 {
            flush();
        }
    }

    fn delivered(&self) -> Delivered {
        Delivered::AtServer
    }
}

pub(crate) struct Calls;

impl Caller for Calls {
    const HAS_PARENTS: bool = true;

    fn call(&mut self, input: Input) {
        call(input.user_id, input.label);
    }

    fn in_parent(&mut self, work: impl FnOnce(&mut Self)) {
        parent(self, work);
    }
}

#[emit::span(guard: span, "call", user_id, label)]
fn call(user_id: u64, label: &str) {
    let found = work(user_id, label);
    let _span = span
        .push_prop("cache.hit", found.cache_hit)
        .push_prop("total", found.total)
        .push_prop("tier", found.tier);
}

#[emit::span("parent")]
fn parent(calls: &mut Calls, work: impl FnOnce(&mut Calls)) {
    work(calls);
}
