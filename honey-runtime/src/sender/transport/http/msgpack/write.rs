//! Values written as MessagePack, in their shortest forms; JSON containers with a length of four bytes, which is filled in later.

use std::borrow::Cow;

/// The extension type of timestamps.
const TIMESTAMP: u8 = 0xff;

pub(super) struct Writer {
    out: Vec<u8>,
}

/// An array or object of JSON whose end has not come yet.
struct Open {
    /// Where its length goes.
    length_at: usize,
    /// Keys and values so far.
    items: u32,
    is_map: bool,
}

impl Writer {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            out: Vec::with_capacity(capacity),
        }
    }

    /// Written so far.
    pub(super) fn bytes(&self) -> usize {
        self.out.len()
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.out
    }

    pub(super) fn array(&mut self, length: usize) {
        self.head(&ARRAY, length);
    }

    pub(super) fn map(&mut self, length: usize) {
        self.head(&MAP, length);
    }

    pub(super) fn string(&mut self, text: &str) {
        self.head(&STRING, text.len());
        self.out.extend_from_slice(text.as_bytes());
    }

    pub(super) fn unsigned(&mut self, value: u64) {
        if let Ok(byte) = u8::try_from(value) {
            if byte >= 0x80 {
                self.out.push(0xcc);
            }
            self.out.push(byte);
        } else if let Ok(value) = u16::try_from(value) {
            self.tagged(0xcd, value.to_be_bytes());
        } else if let Ok(value) = u32::try_from(value) {
            self.tagged(0xce, value.to_be_bytes());
        } else {
            self.tagged(0xcf, value.to_be_bytes());
        }
    }

    /// A timestamp 96: nanoseconds, then seconds since 1970.
    pub(super) fn timestamp(&mut self, seconds: i64, ns: u32) {
        self.out.extend_from_slice(&[0xc7, 12, TIMESTAMP]);
        self.out.extend_from_slice(&ns.to_be_bytes());
        self.out.extend_from_slice(&seconds.to_be_bytes());
    }

    /// A JSON text, to any depth, without recursion. What is none, as only a user's own writer of JSON could have made it, becomes
    /// nil: the server then refuses this event alone.
    pub(super) fn json(&mut self, text: &[u8]) {
        let start = self.out.len();
        if self.transcode(text).is_none() {
            self.out.truncate(start);
            self.out.push(0xc0);
        }
    }

    fn transcode(&mut self, mut rest: &[u8]) -> Option<()> {
        let mut open: Vec<Open> = Vec::new();
        let mut values = 0;
        while let Some(first) = rest.first() {
            let mut used = 1;
            match first {
                b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => {
                    rest = &rest[1..];
                    continue;
                }
                b'}' | b']' => {
                    self.close(&open.pop()?)?;
                    rest = &rest[1..];
                    continue;
                }
                b'{' | b'[' => {}
                b'"' => used = string_len(rest)?,
                _ => used = delimiter_in(rest).unwrap_or(rest.len()),
            }
            match open.last_mut() {
                Some(around) => around.items += 1,
                None => values += 1,
            }
            let (token, behind) = rest.split_at(used);
            match first {
                b'{' | b'[' => open.push(self.open(*first == b'{')),
                b'"' => self.string(&unescaped(token)?),
                _ => self.scalar(std::str::from_utf8(token).ok()?)?,
            }
            rest = behind;
        }
        (values == 1 && open.is_empty()).then_some(())
    }

    fn open(&mut self, is_map: bool) -> Open {
        self.out.push(if is_map { 0xdf } else { 0xdd });
        let length_at = self.out.len();
        self.out.extend_from_slice(&[0; 4]);
        Open {
            length_at,
            items: 0,
            is_map,
        }
    }

    fn close(&mut self, open: &Open) -> Option<()> {
        let length = match (open.is_map, open.items % 2) {
            (false, _) => open.items,
            (true, 0) => open.items / 2,
            (true, _) => return None,
        };
        let place = self.out.get_mut(open.length_at..open.length_at + 4)?;
        place.copy_from_slice(&length.to_be_bytes());
        Some(())
    }

    fn scalar(&mut self, token: &str) -> Option<()> {
        match token {
            "null" => self.out.push(0xc0),
            "false" => self.out.push(0xc2),
            "true" => self.out.push(0xc3),
            _ => self.number(token)?,
        }
        Some(())
    }

    /// An integer where 64 bits hold it, else a float, as JSON's readers do.
    fn number(&mut self, token: &str) -> Option<()> {
        if let Ok(value) = token.parse() {
            self.unsigned(value);
        } else if let Some(value) = token.parse::<i64>().ok().filter(|value| *value < 0) {
            self.negative(value);
        } else {
            let value: f64 = token.parse().ok().filter(|value: &f64| value.is_finite())?;
            self.tagged(0xcb, value.to_be_bytes());
        }
        Some(())
    }

    fn negative(&mut self, value: i64) {
        if let Ok(value) = i8::try_from(value) {
            if value < -32 {
                self.out.push(0xd0);
            }
            self.out.extend_from_slice(&value.to_be_bytes());
        } else if let Ok(value) = i16::try_from(value) {
            self.tagged(0xd1, value.to_be_bytes());
        } else if let Ok(value) = i32::try_from(value) {
            self.tagged(0xd2, value.to_be_bytes());
        } else {
            self.tagged(0xd3, value.to_be_bytes());
        }
    }

    fn tagged<const N: usize>(&mut self, tag: u8, bytes: [u8; N]) {
        self.out.push(tag);
        self.out.extend_from_slice(&bytes);
    }

    fn head(&mut self, head: &Head, length: usize) {
        if let Some(fixed) = u8::try_from(length)
            .ok()
            .filter(|fixed| *fixed < head.fixed)
        {
            self.out.push(head.fixed_tag | fixed);
        } else if let (Ok(length), Some(tag)) = (u8::try_from(length), head.tag_8) {
            self.tagged(tag, [length]);
        } else if let Ok(length) = u16::try_from(length) {
            self.tagged(head.tag_16, length.to_be_bytes());
        } else {
            // No body has 4 GiB.
            let length = u32::try_from(length).unwrap_or(u32::MAX);
            self.tagged(head.tag_16 + 1, length.to_be_bytes());
        }
    }
}

/// How something with a length begins.
struct Head {
    fixed_tag: u8,
    /// Lengths below this are in the tag.
    fixed: u8,
    tag_8: Option<u8>,
    /// The one for 32 bits follows it.
    tag_16: u8,
}

const STRING: Head = Head {
    fixed_tag: 0xa0,
    fixed: 32,
    tag_8: Some(0xd9),
    tag_16: 0xda,
};
const ARRAY: Head = Head {
    fixed_tag: 0x90,
    fixed: 16,
    tag_8: None,
    tag_16: 0xdc,
};
const MAP: Head = Head {
    fixed_tag: 0x80,
    fixed: 16,
    tag_8: None,
    tag_16: 0xde,
};

fn delimiter_in(text: &[u8]) -> Option<usize> {
    text.iter().position(|byte| is_delimiter(*byte))
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b',' | b':' | b'}' | b']' | b'{' | b'[' | b'"' | b' ' | b'\t' | b'\n' | b'\r'
    )
}

/// The length of the string that `text` begins with, quotes included.
fn string_len(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// What a JSON string says, quotes off.
fn unescaped(token: &[u8]) -> Option<Cow<'_, str>> {
    if token.contains(&b'\\') {
        return serde_json::from_slice::<String>(token).ok().map(Cow::Owned);
    }
    let inside = token.get(1..token.len() - 1)?;
    std::str::from_utf8(inside).ok().map(Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::super::to_json;
    use super::*;

    fn written(json: &str) -> Vec<u8> {
        let mut writer = Writer::new(0);
        writer.json(json.as_bytes());
        writer.finish()
    }

    #[test]
    fn known_bytes() {
        for (json, expected) in [
            ("null", &[0xc0][..]),
            ("true", &[0xc3]),
            ("0", &[0]),
            ("127", &[127]),
            ("128", &[0xcc, 128]),
            ("256", &[0xcd, 1, 0]),
            ("65536", &[0xce, 0, 1, 0, 0]),
            (
                "18446744073709551615",
                &[0xcf, 255, 255, 255, 255, 255, 255, 255, 255],
            ),
            ("-1", &[0xff]),
            ("-32", &[0xe0]),
            ("-33", &[0xd0, 0xdf]),
            ("-129", &[0xd1, 0xff, 0x7f]),
            ("-9223372036854775808", &[0xd3, 0x80, 0, 0, 0, 0, 0, 0, 0]),
            ("1.0", &[0xcb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]),
            ("-0", &[0xcb, 0x80, 0, 0, 0, 0, 0, 0, 0]),
            (r#""a\n""#, &[0xa2, b'a', b'\n']),
            (" [ ] ", &[0xdd, 0, 0, 0, 0]),
            (r#"{"k":1}"#, &[0xdf, 0, 0, 0, 1, 0xa1, b'k', 1]),
        ] {
            assert_eq!(written(json), expected, "{json}");
        }
    }

    #[test]
    fn what_is_no_json_becomes_nil() {
        for json in [
            "", "{", "}", "1 2", r#"{"a"}"#, "nul", "NaN", "1e999", "\"a", "\"\\",
        ] {
            assert_eq!(written(json), [0xc0], "{json}");
        }
    }

    #[test]
    fn lengths_of_all_sizes_and_any_depth_come_back() {
        let long = |bytes: usize| serde_json::Value::from("é".repeat(bytes / 2)).to_string();
        let deep = format!("{}{}", "[".repeat(10), "]".repeat(10));
        for json in [
            long(30),
            long(32),
            long(254),
            long(256),
            long(65_534),
            long(65_536),
            deep,
            r#"[1,"a",{"b":[{},[],null,1.5,-70000,-40]}]"#.to_owned(),
        ] {
            assert_eq!(to_json(&written(&json)), json.as_bytes());
        }
        // Deeper than any reader goes, and no harm done.
        assert_eq!(written(&"[".repeat(1_000_000)), [0xc0]);
    }
}
