//! What a client is told about headers: the formats it writes, and what it believes.

/// A way to write a trace's context into headers.
///
/// ```
/// use honey::propagation::Format;
///
/// let config = honey::Config::new("key").propagation([Format::W3c, Format::Honeycomb]);
/// # drop(config);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `traceparent` and `tracestate`: [W3C Trace Context](https://www.w3.org/TR/trace-context/), what OpenTelemetry writes.
    W3c,
    /// `X-Honeycomb-Trace`: what Honeycomb's beelines write.
    Honeycomb,
}

/// What becomes of a request or message whose `traceparent` says that the trace is not sampled.
///
/// ```
/// use honey::propagation::RemoteNotSampled;
///
/// let config = honey::Config::new("key").remote_parent_not_sampled(RemoteNotSampled::Decide);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum RemoteNotSampled {
    /// Its events here are not kept either, so that none is kept whose parent is not.
    #[default]
    Drop,
    /// It continues the trace, and the own rate decides, as if the header did not say.
    Decide,
}

/// What a client is told.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Settings {
    pub(crate) formats: Formats,
    pub(crate) not_sampled: RemoteNotSampled,
}

/// The formats a client writes; the first is believed most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Formats([Option<Format>; 2]);

impl Formats {
    pub(crate) fn of(formats: impl IntoIterator<Item = Format>) -> Self {
        let mut formats = formats.into_iter();
        let first = formats.next();
        let second = formats.find(|format| Some(*format) != first);
        Self([first, second])
    }

    pub(super) fn written(self) -> impl Iterator<Item = Format> {
        self.0.into_iter().flatten()
    }

    pub(super) fn writes(self, format: Format) -> bool {
        self.0.contains(&Some(format))
    }

    pub(super) fn in_order_of_belief(self) -> (Format, Format) {
        match self.0[0] {
            Some(Format::Honeycomb) => (Format::Honeycomb, Format::W3c),
            Some(Format::W3c) | None => (Format::W3c, Format::Honeycomb),
        }
    }
}

impl Default for Formats {
    fn default() -> Self {
        Self([Some(Format::W3c), None])
    }
}
