//! Trace and span ids, as W3C Trace Context and OpenTelemetry have them: 16 and 8 random bytes, lower-case hex in text.

use std::fmt;

/// A trace id: 16 bytes, not all zero; 32 lower-case hex digits as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId {
    // Not one `u128`: that is aligned to 16 bytes, which makes whatever holds it larger.
    high: u64,
    low: u64,
}

/// A span id: 8 bytes, not all zero; 16 lower-case hex digits as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpanId(pub(crate) u64);

impl TraceId {
    #[inline]
    pub(crate) const fn of(high: u64, low: u64) -> Self {
        Self { high, low }
    }

    #[expect(clippy::cast_possible_truncation, reason = "halves")]
    #[inline]
    pub(crate) const fn new(id: u128) -> Self {
        Self {
            high: (id >> 64) as u64,
            low: id as u64,
        }
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
    /// The id as 16 ASCII hex digits.
    pub(crate) fn hex(self) -> [u8; 16] {
        let mut out = [0; 16];
        hex_into(&self.0.to_be_bytes(), &mut out);
        out
    }
}

impl fmt::Display for TraceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.number())
    }
}

impl fmt::Display for SpanId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
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
