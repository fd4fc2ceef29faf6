//! fastrace, with a reporter that counts.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use fastrace::collector::{Config, Reporter, SpanRecord};
use fastrace::local::LocalSpan;
use fastrace::prelude::{Span, SpanContext};

use super::{Caller, Delivered, Peer, Setup};
use crate::work::{Found, Input, work};

pub(crate) struct Fastrace {
    spans: Arc<AtomicU64>,
    /// There is nothing to be a root of; the attribute alone is left.
    disabled: bool,
}

struct Count(Arc<AtomicU64>);

impl Reporter for Count {
    fn report(&mut self, spans: Vec<SpanRecord>) {
        self.0.fetch_add(spans.len() as u64, Ordering::Relaxed);
    }
}

impl Fastrace {
    pub(crate) fn start(setup: &Setup) -> Self {
        let spans = Arc::new(AtomicU64::new(0));
        if !setup.disabled {
            fastrace::set_reporter(Count(Arc::clone(&spans)), Config::default());
        }
        Self {
            spans,
            disabled: setup.disabled,
        }
    }
}

impl Peer for Fastrace {
    type Caller = Calls;

    fn caller(&self) -> Calls {
        Calls {
            in_parent: self.disabled,
        }
    }

    fn drain(&mut self, _: u64) {
        fastrace::flush();
    }

    fn delivered(&self) -> Delivered {
        Delivered::Counted(self.spans.load(Ordering::Relaxed))
    }
}

pub(crate) struct Calls {
    in_parent: bool,
}

impl Caller for Calls {
    const HAS_PARENTS: bool = true;

    fn call(&mut self, input: Input) {
        if self.in_parent {
            child(input.user_id, input.label);
        } else {
            root(input.user_id, input.label);
        }
    }

    fn in_parent(&mut self, work: impl FnOnce(&mut Self)) {
        let parent = Span::root("parent", SpanContext::random());
        let _guard = parent.set_local_parent();
        self.in_parent = true;
        work(self);
        self.in_parent = false;
    }
}

#[fastrace::trace(properties = { "user_id": "{user_id}", "label": "{label}" })]
fn child(user_id: u64, label: &str) {
    let found = work(user_id, label);
    LocalSpan::add_properties(|| properties(found));
}

/// A root span in the current thread, which the attribute does not make.
fn root(user_id: u64, label: &str) {
    let root = Span::root("call", SpanContext::random()).with_properties(|| {
        [
            ("user_id", user_id.to_string()),
            ("label", label.to_owned()),
        ]
    });
    let _guard = root.set_local_parent();
    let found = work(user_id, label);
    root.add_properties(|| properties(found));
}

/// Values are strings there; a static one need not be copied.
fn properties(found: Found) -> [(&'static str, Cow<'static, str>); 3] {
    [
        ("cache.hit", found.cache_hit.to_string().into()),
        ("total", found.total.to_string().into()),
        ("tier", found.tier.into()),
    ]
}
