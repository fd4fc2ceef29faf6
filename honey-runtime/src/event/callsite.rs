//! Where an annotated function stands in the source.

use crate::filter::{Filter, KeptVerdict, Verdict};

/// One `#[honey::event]`: its name and place. Made by the macro, once per function, in a `static`.
#[derive(Debug)]
pub struct Callsite {
    name: &'static str,
    module: &'static str,
    file: &'static str,
    line: u32,
    /// What the filter of the client that was asked last says.
    verdict: KeptVerdict,
}

impl Callsite {
    /// Describes a place in the source.
    #[must_use]
    pub const fn new(
        name: &'static str,
        module: &'static str,
        file: &'static str,
        line: u32,
    ) -> Self {
        Self {
            name,
            module,
            file,
            line,
            verdict: KeptVerdict::new(),
        }
    }

    /// What becomes of its events.
    #[inline]
    pub(crate) fn verdict(&self, filter: &Filter) -> Verdict {
        self.verdict.of(filter, self.name, self.module)
    }

    /// The event's name.
    #[inline]
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The module it stands in.
    #[must_use]
    pub const fn module(&self) -> &'static str {
        self.module
    }

    /// The file and line it stands on.
    #[must_use]
    pub const fn location(&self) -> (&'static str, u32) {
        (self.file, self.line)
    }
}
