//! Trace and span ids, as W3C Trace Context and OpenTelemetry have them: 16 and 8 random bytes, lower-case hex in text.

use std::fmt;

use super::id_text::{self, IdText};

/// A trace id: 16 bytes, not all zero; 32 lower-case hex digits as text. One that came in from outside keeps the text it came in as,
/// whatever that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId {
    // Not one `u128`: that is aligned to 16 bytes, which makes whatever holds it larger.
    high: u64,
    low: u64,
}

/// The upper half of an id whose text is kept in [`id_text`]; ids of 32 digits that begin like this are kept there too.
const FOREIGN: u64 = 0x8f6e_1d0c_77a2_b953;

/// A span id: 8 bytes, not all zero; 16 lower-case hex digits as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpanId(pub(crate) u64);

impl TraceId {
    #[expect(clippy::cast_possible_truncation, reason = "halves")]
    #[inline]
    pub(crate) const fn new(id: u128) -> Self {
        Self {
            high: (id >> 64) as u64,
            low: id as u64,
        }
    }

    /// The id with this text.
    pub(crate) fn of_text(text: &str) -> (Self, Option<IdText>) {
        let number = (text.len() == 32).then(|| hex_number(text.as_bytes()));
        match number.flatten().map(Self::new) {
            Some(id) if id.high != FOREIGN => (id, None),
            _ => {
                let (low, text) = id_text::keep(text);
                (Self { high: FOREIGN, low }, Some(text))
            }
        }
    }

    /// Whether its text is no number's, but kept aside.
    #[inline]
    pub(crate) fn is_foreign(self) -> bool {
        self.high == FOREIGN
    }

    /// The text that is kept aside, if it is there still.
    #[cold]
    pub(crate) fn foreign_text(self) -> Option<IdText> {
        id_text::find(self.low)
    }

    /// The first four bytes of the SHA-1 of the id's text, big-endian: what decides whether the trace is kept.
    pub(crate) fn text_hash(self) -> u32 {
        if self.is_foreign() {
            return id_text::hash_in(self.low);
        }
        id_text::hash(&self.hex())
    }

    fn number(self) -> u128 {
        (u128::from(self.high) << 64) | u128::from(self.low)
    }

    /// The id as 32 ASCII hex digits.
    pub(crate) fn hex(self) -> [u8; 32] {
        let mut out = [0; 32];
        hex_into(&self.number().to_be_bytes(), &mut out);
        out
    }
}

impl SpanId {
    /// The id with this text; `None` when it is not 16 lower-case hex digits, or zero.
    #[expect(clippy::cast_possible_truncation, reason = "16 digits")]
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let number = (text.len() == 16).then(|| hex_number(text.as_bytes()));
        number.flatten().map(|number| Self(number as u64))
    }

    /// The id as 16 ASCII hex digits.
    pub(crate) fn hex(self) -> [u8; 16] {
        let mut out = [0; 16];
        hex_into(&self.0.to_be_bytes(), &mut out);
        out
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_foreign() {
            if let Some(text) = self.foreign_text() {
                return f.write_str(&text);
            }
        }
        write!(f, "{:032x}", self.number())
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// The number of up to 32 lower-case hex digits; `None` for anything else, and for zero.
fn hex_number(digits: &[u8]) -> Option<u128> {
    let mut number = 0_u128;
    for digit in digits {
        let value = match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => return None,
        };
        number = (number << 4) | u128::from(value);
    }
    (number != 0).then_some(number)
}

fn hex_into(bytes: &[u8], out: &mut [u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (byte, pair) in bytes.iter().zip(out.chunks_exact_mut(2)) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 0xf)];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_and_display_agree_and_keep_leading_zeros() {
        let trace = TraceId::new(0x00ab_cdef_0123_4567_89ab_cdef_0000_0001);
        assert_eq!(
            std::str::from_utf8(&trace.hex()),
            Ok("00abcdef0123456789abcdef00000001")
        );
        assert_eq!(trace.to_string(), "00abcdef0123456789abcdef00000001");
        let span = SpanId(0x0f);
        assert_eq!(std::str::from_utf8(&span.hex()), Ok("000000000000000f"));
        assert_eq!(span.to_string(), "000000000000000f");
    }
}
