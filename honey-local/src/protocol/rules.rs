//! The figures and choices the server judges by.

use super::Keys;
use super::refusal::Refusal;

/// "The request body is limited to raw (potentially compressed) size of 5MB" (Events API), and servers behind
/// it stop decompressing at the same figure.
const BODY_BYTES: usize = 5_000_000;
/// "The entire event must be less than 100KB of uncompressed JSON" (Events API).
const EVENT_BYTES: usize = 100_000;
/// "The maximum number of distinct columns (fields) allowed in any individual event is 2000" (Events API).
const COLUMNS: usize = 2_000;
/// "Each string field has a maximum length of 64KB" (Events API).
const STRING_BYTES: usize = 65_536;
/// Times further ahead become the time of receipt.
const AHEAD_NS: i64 = 3_600 * 1_000_000_000;

/// What is too much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// A batch's body, on the wire and uncompressed.
    pub(crate) body_bytes: usize,
    /// One event's uncompressed JSON; also a single event's body on the wire.
    pub(crate) event_bytes: usize,
    /// Fields in one event.
    pub(crate) columns: usize,
    /// One string.
    pub(crate) string_bytes: usize,
    /// How far ahead of the server's clock an event may be.
    pub(crate) ahead_ns: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: BODY_BYTES,
            event_bytes: EVENT_BYTES,
            columns: COLUMNS,
            string_bytes: STRING_BYTES,
            ahead_ns: AHEAD_NS,
        }
    }
}

/// What a server goes by.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) limits: Limits,
    pub(crate) keys: Keys,
    /// A request without a key counts as one with an empty key.
    pub(crate) key_optional: bool,
    pub(crate) too_large_status: u16,
    pub(crate) unknown_key_status: u16,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            keys: Keys::default(),
            key_optional: false,
            too_large_status: 400,
            unknown_key_status: 401,
        }
    }
}

impl Rules {
    pub(crate) fn unknown_key(&self) -> Refusal {
        Refusal::new(
            self.unknown_key_status,
            "unknown API key - check your credentials",
        )
    }

    pub(crate) fn too_large(&self) -> Refusal {
        Refusal::new(self.too_large_status, "request body is too large")
    }
}
