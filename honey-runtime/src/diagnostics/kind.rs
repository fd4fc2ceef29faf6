//! The kinds of trouble.

/// The kinds, and the list of them, from one list.
macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident = $words:literal,)+) => {
        /// A kind of trouble, each reported once and then rarely.
        ///
        /// ```
        /// use honey::DiagnosticKind;
        ///
        /// // A key that the server refuses wakes somebody up; the rest is logged.
        /// let config = honey::Config::new("key").dataset("shop").on_diagnostic(|kind, text| match kind {
        ///     DiagnosticKind::Unauthorized => eprintln!("wake somebody: {text}"),
        ///     other => eprintln!("{}: {text}", other.as_str()),
        /// });
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum DiagnosticKind {
            $($(#[$doc])+ $kind,)+
        }

        impl DiagnosticKind {
            /// All of them, each at its own place.
            pub(super) const ALL: [Self; [$($words),+].len()] = [$(Self::$kind),+];

            /// The kind in words.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $words,)+
                }
            }
        }
    };
}

kinds! {
    /// The server does not know the key, or it may not send events.
    Unauthorized = "unauthorized",
    /// The server refused events or whole requests.
    Rejected = "rejected",
    /// The server redirects, and no redirect is followed.
    Redirected = "redirected",
    /// The server could not be reached: nothing listens there, or nothing answers in time.
    Unreachable = "unreachable",
    /// The host of `api_host` has no address.
    UnknownHost = "unknown host",
    /// The proxy refuses.
    Proxy = "proxy",
    /// The server was reached, and has trouble of its own: 5xx.
    ServerTrouble = "server trouble",
    /// The transmission of `Config::transmission` failed, panicked, or left events unsettled.
    Transmission = "transmission",
    /// The TLS handshake failed.
    Tls = "tls",
    /// The server asked to slow down.
    Throttled = "throttled",
    /// Events were lost because the queue was full.
    QueueFull = "queue full",
    /// Events were lost because they were not delivered within `max_age`.
    TooOld = "too old",
    /// Events were lost because they had no outcome when closing had to end.
    CloseDeadline = "close deadline",
    /// Events were lost because they are larger than `max_event_bytes`.
    TooLarge = "too large",
    /// Events were lost because they have no fields.
    NoFields = "no fields",
    /// Events were lost because no request can be made for them: an `api_host`, key or dataset of their own that cannot be sent.
    Unsendable = "unsendable",
    /// Values were cut, or left out.
    BadData = "bad data",
    /// Fields were renamed, since honey sets their names itself.
    Renamed = "renamed",
    /// Fields were lost, since their event had ended.
    LateFields = "late fields",
    /// Headers that name an event of another process could not be read.
    Propagation = "propagation",
    /// User code that honey was running panicked.
    UserPanic = "user panic",
    /// A dynamic field takes a millisecond or more of the thread that begins an event.
    SlowField = "slow field",
    /// What is done with events, said once at the start: see [`Config::or_terminal`](crate::Config::or_terminal).
    Started = "started",
    /// The guard of [`init`](crate::init) was dropped at once, and there was an event after that.
    DroppedGuard = "dropped guard",
    /// honey is used in a way that it may not be meant to be.
    Misuse = "misuse",
    /// honey's own thread failed, and goes on.
    Internal = "internal",
    /// honey's own thread failed too often and is stopped: what is recorded from now on is lost.
    Stopped = "stopped",
}

impl DiagnosticKind {
    pub(super) const COUNT: usize = Self::ALL.len();

    /// Whether something is wrong; else it is a remark.
    pub(crate) fn is_trouble(self) -> bool {
        self != Self::Started
    }
}
