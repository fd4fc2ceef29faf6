//! An answer in MessagePack as JSON, so that one reader reads both.

/// No answer is deeper than an array of objects.
const MAX_DEPTH: u32 = 16;

/// The JSON of the first value. Where it is cut short or malformed, so is the JSON: what comes before still counts.
pub(in crate::sender::transport::http) fn to_json(answer: &[u8]) -> Vec<u8> {
    let mut reader = Reader {
        rest: answer,
        json: Vec::new(),
    };
    // `None` is where it stopped.
    let _ = reader.value(MAX_DEPTH);
    reader.json
}

struct Reader<'a> {
    rest: &'a [u8],
    json: Vec<u8>,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: u32) -> Option<()> {
        let tag = *self.bytes(1)?.first()?;
        match tag {
            0x00..=0x7f => self.put(&tag),
            0x80..=0x8f => self.map((tag & 0xf).into(), depth),
            0x90..=0x9f => self.array((tag & 0xf).into(), depth),
            0xa0..=0xbf => self.string((tag & 0x1f).into()),
            0xc0 => self.put(&()),
            0xc2 | 0xc3 => self.put(&(tag == 0xc3)),
            0xc4..=0xc6 => {
                let length = self.length(1 << (tag - 0xc4))?;
                self.string(length)
            }
            0xc7..=0xc9 => {
                let length = self.length(1 << (tag - 0xc7))?;
                self.extension(length)
            }
            0xca => {
                let value = f32::from_be_bytes(self.array_of()?);
                self.put(&value)
            }
            0xcb => {
                let value = f64::from_be_bytes(self.array_of()?);
                self.put(&value)
            }
            0xcc..=0xcf => {
                let value = self.unsigned(1 << (tag - 0xcc))?;
                self.put(&value)
            }
            0xd0 => {
                let value = i8::from_be_bytes(self.array_of()?);
                self.put(&value)
            }
            0xd1 => {
                let value = i16::from_be_bytes(self.array_of()?);
                self.put(&value)
            }
            0xd2 => {
                let value = i32::from_be_bytes(self.array_of()?);
                self.put(&value)
            }
            0xd3 => {
                let value = i64::from_be_bytes(self.array_of()?);
                self.put(&value)
            }
            0xd4..=0xd8 => self.extension(1 << (tag - 0xd4)),
            0xd9..=0xdb => {
                let length = self.length(1 << (tag - 0xd9))?;
                self.string(length)
            }
            0xdc | 0xdd => {
                let length = self.length(2 << (tag - 0xdc))?;
                self.array(length, depth)
            }
            0xde | 0xdf => {
                let length = self.length(2 << (tag - 0xde))?;
                self.map(length, depth)
            }
            0xe0..=0xff => self.put(&i8::from_be_bytes([tag])),
            // Never used, says the specification.
            0xc1 => None,
        }
    }

    fn array(&mut self, length: usize, depth: u32) -> Option<()> {
        self.json.push(b'[');
        for place in 0..length {
            if place > 0 {
                self.json.push(b',');
            }
            self.value(depth.checked_sub(1)?)?;
        }
        self.json.push(b']');
        Some(())
    }

    fn map(&mut self, length: usize, depth: u32) -> Option<()> {
        self.json.push(b'{');
        for place in 0..length {
            if place > 0 {
                self.json.push(b',');
            }
            let start = self.json.len();
            self.value(depth.checked_sub(1)?)?;
            self.rename(start);
            self.json.push(b':');
            self.value(depth.checked_sub(1)?)?;
        }
        self.json.push(b'}');
        Some(())
    }

    /// The OpenTelemetry Collector's receiver writes its own names for these two (its issue 50378).
    fn rename(&mut self, start: usize) {
        let name: &[u8] = match &self.json[start..] {
            br#""Status""# => br#""status""#,
            br#""ErrorStr""# => br#""error""#,
            _ => return,
        };
        self.json.truncate(start);
        self.json.extend_from_slice(name);
    }

    fn string(&mut self, length: usize) -> Option<()> {
        let text = String::from_utf8_lossy(self.bytes(length)?);
        self.put(&*text)
    }

    /// None means anything here.
    fn extension(&mut self, length: usize) -> Option<()> {
        self.bytes(1)?;
        self.bytes(length)?;
        self.put(&())
    }

    fn put<T: serde::Serialize + ?Sized>(&mut self, value: &T) -> Option<()> {
        serde_json::to_writer(&mut self.json, value).ok()
    }

    fn length(&mut self, width: usize) -> Option<usize> {
        self.unsigned(width)?.try_into().ok()
    }

    fn unsigned(&mut self, width: usize) -> Option<u64> {
        let bytes = self.bytes(width)?;
        Some(
            bytes
                .iter()
                .fold(0, |value, byte| value << 8 | u64::from(*byte)),
        )
    }

    fn array_of<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(answer: &[u8]) -> String {
        String::from_utf8_lossy(&to_json(answer)).into_owned()
    }

    #[test]
    fn answers_of_all_known_servers() {
        let lower = b"\x92\x81\xa6status\xcd\x00\xca\x82\xa6status\xcd\x01\x90\xa5error\xa3odd";
        assert_eq!(
            json(lower),
            r#"[{"status":202},{"status":400,"error":"odd"}]"#
        );
        let collector = b"\x91\x82\xa8ErrorStr\xa0\xa6Status\xd1\x00\xca";
        assert_eq!(json(collector), r#"[{"error":"","status":202}]"#);
        assert_eq!(json(b"\x81\xa5error\xd9\x04slow"), r#"{"error":"slow"}"#);
    }

    #[test]
    fn what_is_cut_short_or_odd_ends_where_it_does() {
        let whole = b"\xdc\x00\x02\x81\xa6status\xcd\x00\xca\x81\xa6status\xcd\x00\xca";
        for end in 0..whole.len() {
            assert!(json(&whole[..end]).len() < json(whole).len());
        }
        assert!(json(&whole[..14]).starts_with(r#"[{"status":202}"#));
        assert_eq!(json(&[0xc1]), "");
        // A length that nothing follows, and a depth that nobody needs.
        assert_eq!(json(b"\xdf\xff\xff\xff\xff"), "{");
        assert!(json(&[0x91; 10_000]).len() < 100);
        for byte in 0..=255 {
            let _ = json(&[byte; 64]);
        }
    }
}
