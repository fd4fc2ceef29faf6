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
    /// Events were lost because they had no outcome when closing had to end.
    CloseDeadline,
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
    /// User code that honey was running panicked.
    UserPanic,
    /// A dynamic field takes a millisecond or more of the thread that begins an event.
    SlowField,
    /// honey is used in a way that it may not be meant to be.
    Misuse,
    /// honey's own thread failed, and goes on.
    Internal,
    /// honey's own thread failed too often and is stopped: what is recorded from now on is lost.
    Stopped,
}

impl DiagnosticKind {
    pub(super) const COUNT: usize = Self::ALL.len();

    /// All of them, each at its own place.
    pub(super) const ALL: [Self; 23] = [
        Self::Unauthorized,
        Self::Rejected,
        Self::Redirected,
        Self::Unreachable,
        Self::UnknownHost,
        Self::Proxy,
        Self::ServerTrouble,
        Self::Transmission,
        Self::Tls,
        Self::Throttled,
        Self::QueueFull,
        Self::CloseDeadline,
        Self::TooLarge,
        Self::NoFields,
        Self::Unsendable,
        Self::BadData,
        Self::Renamed,
        Self::LateFields,
        Self::UserPanic,
        Self::SlowField,
        Self::Misuse,
        Self::Internal,
        Self::Stopped,
    ];

    /// The kind in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unauthorized => "unauthorized",
            Self::Rejected => "rejected",
            Self::Redirected => "redirected",
            Self::Unreachable => "unreachable",
            Self::UnknownHost => "unknown host",
            Self::Proxy => "proxy",
            Self::ServerTrouble => "server trouble",
            Self::Transmission => "transmission",
            Self::Tls => "tls",
            Self::Throttled => "throttled",
            Self::QueueFull => "queue full",
            Self::CloseDeadline => "close deadline",
            Self::TooLarge => "too large",
            Self::NoFields => "no fields",
            Self::Unsendable => "unsendable",
            Self::BadData => "bad data",
            Self::Renamed => "renamed",
            Self::LateFields => "late fields",
            Self::UserPanic => "user panic",
            Self::SlowField => "slow field",
            Self::Misuse => "misuse",
            Self::Internal => "internal",
            Self::Stopped => "stopped",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_own_place() {
        for (place, kind) in DiagnosticKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place);
        }
    }
}
