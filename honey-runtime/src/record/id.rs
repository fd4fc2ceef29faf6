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

    /// What sampling compares with its rates; made from the id's text.
    #[cold]
    pub(crate) fn lots(self) -> Lots {
        Lots::of(&self.hex())
    }

    /// Reads 32 lower-case hex digits.
    pub(crate) fn from_hex(text: &str) -> Option<Self> {
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 32 || !text.bytes().all(is_hex) {
            return None;
        }
        u128::from_str_radix(text, 16).ok().map(Self::new)
    }
}

/// Two numbers that a trace drew, the same in every process: each is compared with `u32::MAX / rate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lots {
    /// Decides when the trace begins: the beelines' number, byte for byte, so that a fleet of several languages keeps the same
    /// traces.
    pub(crate) head: u32,
    /// Decides when the trace has ended. Not the same number: what a trace holds depends on the first, since a child may be sampled
    /// harder than its root, and a rate that depends on the number it is compared with would weigh wrongly.
    pub(crate) tail: u32,
}

impl Lots {
    /// The first and the second four bytes of the SHA-1 of the id's text, big-endian.
    pub(crate) fn of(trace_id: &[u8]) -> Self {
        let digest = sha1_smol::Sha1::from(trace_id).digest().bytes();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        Self {
            head: u32::from_be_bytes([a, b, c, d]),
            tail: u32::from_be_bytes([e, f, g, h]),
        }
    }
}

/// Whether 1 in `rate` such lots is this one: rates of 0 and 1 keep all.
#[inline]
pub(crate) fn is_drawn(lot: u32, rate: u32) -> bool {
    lot <= u32::MAX / rate.max(1)
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

    /// What the beelines for Go and Ruby hold each other to (beeline-go, `sample/deterministic_sampler_test.go`).
    #[test]
    fn the_head_decides_as_the_beelines_do() {
        for (rate, id, kept) in [
            (17, "hello", false),
            (17, "world", false),
            (17, "this5", true),
            (2, "4YeYygWjTZ41zOBKUoYUaSVxPGm78rdU", false),
            (2, "iow4KAFBl9u6lF4EYIcsFz60rXGvu7ph", true),
            (2, "EgQMHtruEfqaqQqRs5nwaDXsegFGmB5n", true),
            (2, "UnVVepVdyGIiwkHwofyva349tVu8QSDn", true),
            (2, "rWuxi2uZmBEprBBpxLLFcKtXHA8bQkvJ", true),
            (2, "8PV5LN1IGm5T0ZVIaakb218NvTEABNZz", false),
            (2, "EMSmscnxwfrkKd1s3hOJ9bL4zqT1uud5", true),
            (2, "YiLx0WGJrQAge2cVoAcCscDDVidbH4uE", true),
            (2, "IjD0JHdQdDTwKusrbuiRO4NlFzbPotvg", false),
            (2, "ADwiQogJGOS4X8dfIcidcfdT9fY2WpHC", false),
            (2, "DyGaS7rfQsMX0E6TD9yORqx7kJgUYvNR", true),
            (2, "MjOCkn11liCYZspTAhdULMEfWJGMHvpK", false),
            (2, "wtGa41YcFMR5CBNr79lTfRAFi6Vhr6UF", true),
            (2, "3AsMjnpTBawWv2AAPDxLjdxx4QYl9XXb", false),
            (2, "sa2uMVNPiZLK52zzxlakCUXLaRNXddBz", false),
            (2, "NYH9lkdbvXsiUFKwJtjSkQ1RzpHwWloK", false),
            (2, "8AwzQeY5cudY8YUhwxm3UEP7Oos61RTY", false),
            (2, "ADKWL3p5gloRYO3ptarTCbWUHo5JZi3j", false),
            (2, "UAnMARj5x7hkh9kwBiNRfs5aYDsbHKpw", true),
            (2, "Aes1rgTLMNnlCkb9s6bH7iT5CbZTdxUw", true),
            (2, "eh1LYTOfgISrZ54B7JbldEpvqVur57tv", false),
            (2, "u5A1wEYax1kD9HBeIjwyNAoubDreCsZ6", false),
            (2, "mv70SFwpAOHRZt4dmuw5n2lAsM1lOrcx", true),
            (2, "i4nIu0VZMuh5hLrUm9w2kqNxcfYY7Y3a", true),
            (2, "UqfewK2qFZqfJ619RKkRiZeYtO21ngX1", false),
        ] {
            let lots = Lots::of(id.as_bytes());
            assert_eq!(is_drawn(lots.head, rate), kept, "{id}, 1 in {rate}");
        }
    }

    #[test]
    fn an_id_is_read_back_from_its_text_and_from_no_other() {
        let id = TraceId::new(0x00ab_cdef_0123_4567_89ab_cdef_0000_0001);
        assert_eq!(TraceId::from_hex(&id.to_string()), Some(id));
        for text in [
            "",
            "ff",
            "+0abcdef0123456789abcdef00000001",
            "00ABCDEF0123456789abcdef00000001",
        ] {
            assert_eq!(TraceId::from_hex(text), None, "{text}");
        }
    }

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
