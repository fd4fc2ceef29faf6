//! JSON's smallest pieces: strings and numbers, appended to a byte buffer.

/// What each byte becomes inside a string: 0 itself, `u` a `\u00XX`, else the letter after the backslash.
const ESCAPES: [u8; 256] = escapes();

const fn escapes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = b'u';
        byte += 1;
    }
    table[b'\n' as usize] = b'n';
    table[b'\r' as usize] = b'r';
    table[b'\t' as usize] = b't';
    table[b'"' as usize] = b'"';
    table[b'\\' as usize] = b'\\';
    table
}

/// Appends `text` as a JSON string, quotes included.
#[inline]
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    escaped(out, text.as_bytes());
    out.push(b'"');
}

/// Appends two strings as one.
pub(super) fn prefixed_string(out: &mut Vec<u8>, prefix: &str, text: &str) {
    out.push(b'"');
    escaped(out, prefix.as_bytes());
    escaped(out, text.as_bytes());
    out.push(b'"');
}

/// Appends as much of `text` as fits: at most `max_raw` of its bytes, and at most `max_encoded` bytes of JSON between the quotes.
/// Cuts between characters. Returns how many bytes of the text were taken.
pub(super) fn string_cut(
    out: &mut Vec<u8>,
    text: &str,
    max_raw: usize,
    max_encoded: usize,
) -> usize {
    let mut encoded = 0;
    let mut end = 0;
    for (at, character) in text.char_indices() {
        let after = at + character.len_utf8();
        encoded += encoded_len(&text.as_bytes()[at..after]);
        if after > max_raw || encoded > max_encoded {
            break;
        }
        end = after;
    }
    string(out, &text[..end]);
    end
}

/// Bytes that `text` takes between the quotes.
pub(super) fn encoded_len(text: &[u8]) -> usize {
    let extra = |byte: &u8| match ESCAPES[usize::from(*byte)] {
        0 => 0,
        b'u' => 5,
        _ => 1,
    };
    text.len() + text.iter().map(extra).sum::<usize>()
}

/// Appends a number that JSON can say; false for NaN and the infinities: one such literal spoils a whole batch.
pub(super) fn float(out: &mut Vec<u8>, value: f64) -> bool {
    if value.is_finite() {
        out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
    }
    value.is_finite()
}

/// As [`float`], with the shortest digits that give the same `f32` back.
pub(super) fn float32(out: &mut Vec<u8>, value: f32) -> bool {
    if value.is_finite() {
        out.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
    }
    value.is_finite()
}

#[inline]
fn escaped(out: &mut Vec<u8>, text: &[u8]) {
    if is_plain(text) {
        out.extend_from_slice(text);
    } else {
        escaped_by_piece(out, text);
    }
}

/// Bytes that are looked at together in a long text: few instructions, for the compiler makes vectors of them.
const BLOCK: usize = 32;

/// Whether nothing in it needs an escape.
#[inline]
fn is_plain(text: &[u8]) -> bool {
    let Some(last) = text.last_chunk() else {
        return is_short_plain(text);
    };
    let mut blocks = text.chunks_exact(BLOCK);
    let is_plain = blocks.all(is_block_plain);
    // The words that are left, and the last eight bytes, some of them twice.
    let words = blocks.remainder().chunks_exact(8);
    let found = words.fold(marked(*last), |found, word| {
        found | word.try_into().map_or(0, marked)
    });
    is_plain && found == 0
}

/// The same of less than eight bytes.
#[inline]
fn is_short_plain(text: &[u8]) -> bool {
    text.iter().all(|byte| ESCAPES[usize::from(*byte)] == 0)
}

#[inline]
fn is_block_plain(block: &[u8]) -> bool {
    let found = block.iter().fold(0, |found, &byte| {
        found | u8::from(byte < 0x20) | u8::from(byte == b'"') | u8::from(byte == b'\\')
    });
    found == 0
}

/// Not 0 when one of the eight bytes is a quote, a backslash or below 0x20; its lowest bit that is set is in the first of them. (A
/// byte below 0x80 is less than another when subtracting that sets its high bit; a borrow from below only comes from a byte that
/// is found itself.)
#[inline]
const fn marked(word: [u8; 8]) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let word = u64::from_le_bytes(word);
    let quote = word ^ (ONES * b'"' as u64);
    let backslash = word ^ (ONES * b'\\' as u64);
    let less =
        quote.wrapping_sub(ONES) | backslash.wrapping_sub(ONES) | word.wrapping_sub(ONES * 0x20);
    less & !word & HIGH
}

/// Copies what lies between two bytes that need an escape in one piece.
#[cold]
fn escaped_by_piece(out: &mut Vec<u8>, mut text: &[u8]) {
    while let Some(at) = first_marked(text) {
        out.extend_from_slice(&text[..at]);
        let byte = text[at];
        let escape = ESCAPES[usize::from(byte)];
        if escape == b'u' {
            const DIGITS: &[u8; 16] = b"0123456789abcdef";
            let (high, low) = (usize::from(byte >> 4), usize::from(byte & 0xf));
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', DIGITS[high], DIGITS[low]]);
        } else {
            out.extend_from_slice(&[b'\\', escape]);
        }
        text = &text[at + 1..];
    }
    out.extend_from_slice(text);
}

/// Where the first byte is that needs an escape.
#[inline]
fn first_marked(text: &[u8]) -> Option<usize> {
    let words = text.chunks_exact(8);
    let left = words.remainder();
    for (place, word) in words.enumerate() {
        let found = word.try_into().map_or(0, marked);
        if found != 0 {
            return Some(place * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let place = left
        .iter()
        .position(|byte| ESCAPES[usize::from(*byte)] != 0)?;
    Some(text.len() - left.len() + place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn strings_come_back_from_a_json_parser() {
        let every_control: String = (0..0x80u8).map(char::from).collect();
        for text in [
            "",
            "plain",
            "a\"b\\c",
            "ü€😀\u{2028}",
            every_control.as_str(),
            "1234567\"",
            "12345678\\",
            "\u{1f}2345678123456781",
            "\"\"\"\"\"\"\"\"\"\"two words of quotes",
            "a text of more than one block, with a line\nin the second one \u{7f}\u{80}",
        ] {
            let json = written(|out| string(out, text));
            assert_eq!(
                serde_json::from_str::<String>(&json).ok().as_deref(),
                Some(text)
            );
            assert_eq!(encoded_len(text.as_bytes()), json.len() - 2);
        }
    }

    #[test]
    fn each_byte_that_needs_an_escape_is_found_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            for length in (1..20).chain([BLOCK, BLOCK + 1, 2 * BLOCK + 9]) {
                for place in 0..length {
                    let mut text = vec![b'!'; length];
                    text[place] = byte;
                    let is_found = ESCAPES[usize::from(byte)] != 0;
                    assert_eq!(is_plain(&text), !is_found, "{byte} at {place} of {length}");
                    let expected = is_found.then_some(place);
                    assert_eq!(
                        first_marked(&text),
                        expected,
                        "{byte} at {place} of {length}"
                    );
                }
            }
        }
    }

    #[test]
    fn cuts_fall_between_characters_and_count_escapes() {
        for (text, raw, encoded, expected) in [
            ("aéb", 2, 99, r#""a""#),
            ("aéb", 3, 99, r#""aé""#),
            ("a\"b", 99, 2, r#""a""#),
            ("a\"b", 99, 3, r#""a\"""#),
            ("abc", 0, 99, r#""""#),
            ("abc", 99, 99, r#""abc""#),
        ] {
            assert_eq!(
                written(|out| {
                    string_cut(out, text, raw, encoded);
                }),
                expected
            );
        }
    }

    #[test]
    fn numbers_are_json_and_keep_their_width() {
        assert_eq!(written(|out| assert!(float32(out, 0.1))), "0.1");
        for value in [0.1, 1e300, -0.0, 5e-324, 1.0] {
            let json = written(|out| assert!(float(out, value)));
            assert_eq!(serde_json::from_str::<f64>(&json).ok(), Some(value));
        }
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(written(|out| assert!(!float(out, value))), "");
        }
    }
}
