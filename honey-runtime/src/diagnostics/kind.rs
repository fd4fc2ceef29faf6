//! The kinds of trouble.

/// A kind of trouble, each reported once and then rarely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DiagnosticKind {
    /// The server does not know the key, or it may not send events.
    Unauthorized,
    /// The server refused events or whole requests.
    Rejected,
    /// The server redirects, and no redirect is followed.
    Redirected,
    /// The server could not be reached: nothing listens there, or nothing answers in time.
    Unreachable,
    /// The host of `api_host` has no address.
    UnknownHost,
    /// The proxy refuses.
    Proxy,
    /// The server was reached, and has trouble of its own: 5xx.
    ServerTrouble,
    /// The transmission of `Config::transmission` failed, panicked, or left events unsettled.
    Transmission,
    /// The TLS handshake failed.
    Tls,
    /// The server asked to slow down.
    Throttled,
    /// Events were lost because the queue was full.
    QueueFull,
    /// Events were lost because they are larger than `max_event_bytes`.
    TooLarge,
    /// Events were lost because they have no fields.
    NoFields,
    /// Events were lost because no request can be made for them: an `api_host`, key or dataset of their own that cannot be sent.
    Unsendable,
    /// Values were cut, or left out.
    BadData,
    /// Fields were renamed, since honey sets their names itself.
    Renamed,
    /// Fields were lost, since their event had ended.
    LateFields,
    /// Headers that name an event of another process could not be read.
    Propagation,
    /// User code that honey was running panicked.
    UserPanic,
    /// A dynamic field takes a millisecond or more of the thread that begins an event.
    SlowField,
    /// What is done with events, said once at the start: see [`Config::or_terminal`](crate::Config::or_terminal).
    Started,
    /// The guard of [`init`](crate::init) was dropped at once, and there was an event after that.
    DroppedGuard,
    /// honey is used in a way that it may not be meant to be.
    Misuse,
    /// honey's own thread failed.
    Internal,
}

impl DiagnosticKind {
    pub(super) const COUNT: usize = DiagnosticKind::Internal as usize + 1;
}
