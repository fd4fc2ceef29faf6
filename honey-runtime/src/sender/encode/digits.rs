//! Decimal digits, eight at a time. Bytes that are written one by one and read again at once, to be copied, stall the processor.

/// The largest number with eight digits, and one.
const EIGHT_DIGITS: u64 = 100_000_000;
const ZEROS: u64 = 0x3030_3030_3030_3030;

/// Appends a number.
#[inline]
pub(super) fn unsigned(out: &mut Vec<u8>, value: u64) {
    if value >= EIGHT_DIGITS {
        return out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
    }
    let digits = eight(value);
    // The last digit stays, if it is a zero.
    let leading = (digits | (1 << 56)).trailing_zeros() / 8;
    let text = (digits | ZEROS) >> (8 * leading);
    append(out, text, 8 - leading as usize);
}

/// The same of one that may be negative.
#[inline]
pub(super) fn signed(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    unsigned(out, value.unsigned_abs());
}

/// Appends a fraction of six digits after its point, without the zeros at its end but for the first.
#[inline]
pub(super) fn millionths(out: &mut Vec<u8>, value: u64) {
    // In the lowest byte a place for the point, in the next six the digits.
    let digits = (eight(value % 1_000_000) >> 16) << 8;
    let trailing = (digits | (1 << 8)).leading_zeros() as usize / 8 - 1;
    append(out, (digits | ZEROS) - u64::from(b'0' - b'.'), 7 - trailing);
}

/// The nine digits of a number below 1,000,000,000.
#[inline]
pub(super) fn write_nine(out: &mut [u8; 9], value: u64) {
    let first = (value / EIGHT_DIGITS % 10).to_le_bytes()[0];
    let [place, rest @ ..] = out;
    *place = b'0' + first;
    *rest = (eight(value % EIGHT_DIGITS) | ZEROS).to_le_bytes();
}

/// Appends the first so many of eight bytes.
#[inline]
fn append(out: &mut Vec<u8>, text: u64, len: usize) {
    let end = out.len() + len;
    out.extend_from_slice(&text.to_le_bytes());
    out.truncate(end);
}

/// The digits of a number below 100,000,000, as numbers from 0 to 9, the first in the lowest byte.
#[inline]
fn eight(value: u64) -> u64 {
    // Halves in two, then pairs in four, then digits in eight lanes; each division by a multiplication that is exact in this range.
    let halves = (value / 10_000) | ((value % 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x7f_0000_007f;
    let pairs = hundreds | ((halves - 100 * hundreds) << 16);
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | ((pairs - 10 * tens) << 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = b"before ".to_vec();
        write(&mut out);
        String::from_utf8_lossy(&out[7..]).into_owned()
    }

    /// Of each length, and each pair and each half at least once in each place.
    fn numbers() -> impl Iterator<Item = u64> {
        let edges = (0..20).flat_map(|digits| {
            let power = 10_u64.pow(digits);
            [power - 1, power, power + 1, 7 * (power / 10)]
        });
        let halves = (0..10_000).flat_map(|half| [half, half * 10_000, half * 10_001]);
        edges.chain(halves).chain([u64::MAX])
    }

    #[test]
    fn numbers_are_as_the_standard_library_writes_them() {
        for number in numbers() {
            assert_eq!(written(|out| unsigned(out, number)), number.to_string());
            let negative = i64::from_le_bytes(number.wrapping_neg().to_le_bytes());
            assert_eq!(written(|out| signed(out, negative)), negative.to_string());
        }
    }

    #[test]
    fn fractions_keep_their_first_digit() {
        for number in numbers().filter(|number| *number < 1_000_000) {
            let expected = format!(".{number:06}");
            let shortest = expected.trim_end_matches('0');
            let shortest = if shortest == "." { ".0" } else { shortest };
            assert_eq!(written(|out| millionths(out, number)), shortest, "{number}");
        }
    }

    #[test]
    fn nanoseconds_have_nine_digits() {
        for number in numbers().filter(|number| *number < 1_000_000_000) {
            let mut out = [0; 9];
            write_nine(&mut out, number);
            assert_eq!(String::from_utf8_lossy(&out), format!("{number:09}"));
        }
    }
}
