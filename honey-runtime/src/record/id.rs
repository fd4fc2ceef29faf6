//! Trace and span ids, as W3C Trace Context and OpenTelemetry have them: 16 and 8 random bytes, lower-case hex in text.

use std::fmt;

use super::id_text::{self, IdText};

/// A trace id: 16 bytes, not all zero; 32 lower-case hex digits as text. One that came in from outside keeps the text it came in as,
/// whatever that is.
///
/// ```
/// let event = honey::current();
/// if let (Some(trace), Some(span)) = (event.trace_id(), event.span_id()) {
///     println!("trace_id={trace} span_id={span}");
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TraceId {
    // Not one `u128`: that is aligned to 16 bytes, which makes whatever holds it larger.
    high: u64,
    low: u64,
}

/// The upper half of an id whose text is kept in [`id_text`]; ids of 32 digits that begin like this are kept there too.
const FOREIGN: u64 = 0x8f6e_1d0c_77a2_b953;

/// A span id: 8 bytes, not all zero; 16 lower-case hex digits as text.
///
/// ```
/// assert_eq!(honey::current().span_id(), None, "no event is open here");
/// ```
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

    /// The id with this text.
    pub(crate) fn of_text(text: &str) -> (Self, Option<IdText>) {
        Self::of_number_text(text).unwrap_or_else(|| Self::kept(text))
    }

    /// The same if it is a number's: 32 lower-case hex digits, not all zero.
    pub(crate) fn of_number_text(text: &str) -> Option<(Self, Option<IdText>)> {
        let id = Self::new(Self::number_in(text)?);
        Some(if id.is_foreign() {
            Self::kept(text)
        } else {
            (id, None)
        })
    }

    fn kept(text: &str) -> (Self, Option<IdText>) {
        let (low, text) = id_text::keep(text);
        (Self { high: FOREIGN, low }, Some(text))
    }

    /// Whether an id with this text is a number: 32 lower-case hex digits, not all zero.
    pub(crate) fn is_number(text: &str) -> bool {
        Self::number_in(text).is_some()
    }

    fn number_in(text: &str) -> Option<u128> {
        let (high, low) = text.as_bytes().split_at_checked(16)?;
        let (high, low) = (hex_number(high)?, hex_number(low)?);
        let number = (u128::from(high) << 64) | u128::from(low);
        (number != 0).then_some(number)
    }

    /// Whether its text is kept aside: no number's, as a rule.
    #[inline]
    pub(crate) fn is_foreign(self) -> bool {
        self.high == FOREIGN
    }

    /// The text that is kept aside, if it is there still.
    #[cold]
    pub(crate) fn foreign_text(self) -> Option<IdText> {
        self.is_foreign().then(|| id_text::find(self.low)).flatten()
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
    #[inline]
    pub(crate) fn hex(self) -> [u8; 32] {
        let mut out = [0; 32];
        self.write_hex(&mut out);
        out
    }

    /// The same where it is to stand.
    #[inline]
    pub(crate) fn write_hex(self, out: &mut [u8; 32]) {
        let (high, low) = out.split_at_mut(16);
        write_hex(self.high, high);
        write_hex(self.low, low);
    }

    /// What decides whether the trace is kept once it has ended: the next four bytes. Not the same number, for what a trace holds depends
    /// on the first, since a child may be sampled harder than its root; and a rate that depends on the number it is compared with
    /// would weigh wrongly.
    pub(crate) fn tail_lot(self) -> u32 {
        match self.foreign_text() {
            Some(text) => id_text::hashes(text.as_bytes()).1,
            None => id_text::hashes(&self.hex()).1,
        }
    }
}

/// Whether 1 in `rate` such hashes is this one: rates of 0 and 1 keep all.
#[inline]
pub(crate) fn is_drawn(hash: u32, rate: u32) -> bool {
    hash <= u32::MAX / rate.max(1)
}

impl SpanId {
    /// The id with this text; `None` when it is not 16 lower-case hex digits, or zero.
    pub(crate) fn of_text(text: &str) -> Option<Self> {
        let number = hex_number(text.as_bytes()).filter(|number| *number != 0);
        number.map(Self)
    }

    /// The id as 16 ASCII hex digits.
    #[inline]
    pub(crate) fn hex(self) -> [u8; 16] {
        let mut out = [0; 16];
        self.write_hex(&mut out);
        out
    }

    /// The same where it is to stand.
    #[inline]
    pub(crate) fn write_hex(self, out: &mut [u8; 16]) {
        write_hex(self.0, out);
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

/// The number of 16 lower-case hex digits; `None` for anything else.
fn hex_number(digits: &[u8]) -> Option<u64> {
    /// What no digit is worth: more than four bits.
    const NONE: u8 = 0x10;
    static VALUES: [u8; 256] = {
        let mut values = [NONE; 256];
        let mut value = 0;
        while value < 16 {
            values[b"0123456789abcdef"[value as usize] as usize] = value;
            value += 1;
        }
        values
    };
    let digits: &[u8; 16] = digits.try_into().ok()?;
    // Looked at once, at the end.
    let mut all = 0;
    let number = digits.iter().fold(0_u64, |number, digit| {
        let value = VALUES[usize::from(*digit)];
        all |= value;
        (number << 4) | u64::from(value)
    });
    (all < NONE).then_some(number)
}

/// Writes 16 hex digits.
#[inline]
fn write_hex(number: u64, out: &mut [u8]) {
    let halves = [number >> 32, number & 0xffff_ffff];
    for (half, place) in halves.into_iter().zip(out.chunks_exact_mut(8)) {
        place.copy_from_slice(&eight_digits(half).to_be_bytes());
    }
}

/// The eight hex digits of a number of 32 bits, the first in the highest byte.
#[inline]
fn eight_digits(number: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // Each half byte moves into a byte of its own.
    let halves = ((number << 16) | number) & 0x0000_ffff_0000_ffff;
    let bytes = ((halves << 8) | halves) & 0x00ff_00ff_00ff_00ff;
    let digits = ((bytes << 4) | bytes) & 0x0f0f_0f0f_0f0f_0f0f;
    let is_letter = ((digits + 6 * ONES) >> 4) & ONES;
    digits + u64::from(b'0') * ONES + is_letter * u64::from(b'a' - b'9' - 1)
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
            let (id, _text) = TraceId::of_text(id);
            assert_eq!(is_drawn(id.text_hash(), rate), kept, "{id}, 1 in {rate}");
        }
    }

    #[test]
    fn the_tail_draws_a_number_of_its_own() {
        // What `printf %s 000000000000000000000000000000ff | sha1sum` begins with.
        let id = TraceId::new(0xff);
        assert_eq!(id.text_hash(), 0xdcbb_6171);
        assert_eq!(id_text::hashes(&id.hex()), (id.text_hash(), id.tail_lot()));
        let (foreign, _text) = TraceId::of_text("not hex");
        let hashes = id_text::hashes(b"not hex");
        assert_eq!((foreign.text_hash(), foreign.tail_lot()), hashes);
        assert_ne!(hashes.0, hashes.1);
    }

    #[test]
    fn numbers_are_lower_case_digits_of_one_length() {
        let id = "00abcdef0123456789abcdef00000001";
        assert_eq!(
            TraceId::of_text(id),
            (
                TraceId::new(0x00ab_cdef_0123_4567_89ab_cdef_0000_0001),
                None
            )
        );
        assert_eq!(
            SpanId::of_text("0123456789abcdef"),
            Some(SpanId(0x0123_4567_89ab_cdef))
        );
        for no_id in [
            "",
            "0",
            &id[1..],
            &"0".repeat(32),
            &id.replace('f', "F"),
            &id.replace('0', "g"),
            &id.replace('a', "/"),
        ] {
            assert!(!TraceId::is_number(no_id), "{no_id}");
        }
        for no_id in [
            "",
            "123456789abcdef",
            "0000000000000000",
            "0123456789abcdeF",
            "0123456789abcde:",
        ] {
            assert_eq!(SpanId::of_text(no_id), None, "{no_id}");
        }
    }

    #[test]
    fn hex_and_display_agree_and_keep_leading_zeros() {
        for byte in 0..=u8::MAX {
            let id = SpanId(u64::from_be_bytes([byte; 8]));
            assert_eq!(String::from_utf8_lossy(&id.hex()), id.to_string());
        }
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
