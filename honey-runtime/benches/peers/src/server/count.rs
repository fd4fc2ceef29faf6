//! How many events a body holds, without building them.

use memchr::memmem;

/// Events of a batch of the Events API. Each has one key `"data"` outside its fields, and no field of these runs is called so.
pub(super) fn events(body: &[u8]) -> usize {
    let json = memmem::find_iter(body, br#""data":"#).count();
    if json > 0 {
        return json;
    }
    // In MessagePack, as honey writes it: a text of four bytes, then a map.
    memmem::find_iter(body, b"\xa4data\xdf").count()
}

/// Spans of an OTLP `ExportTraceServiceRequest`: `resource_spans` (1) hold `scope_spans` (2), which hold `spans` (2).
/// `None`: it is no such message.
pub(super) fn spans(body: &[u8]) -> Option<usize> {
    let mut count = 0;
    each_field(body, 1, &mut |resource_spans| {
        each_field(resource_spans, 2, &mut |scope_spans| {
            each_field(scope_spans, 2, &mut |_| {
                count += 1;
                Some(())
            })
        })
    })?;
    Some(count)
}

/// Calls `found` with each length-delimited field of this number.
fn each_field(
    mut message: &[u8],
    number: u64,
    found: &mut dyn FnMut(&[u8]) -> Option<()>,
) -> Option<()> {
    while !message.is_empty() {
        let tag = varint(&mut message)?;
        match tag & 7 {
            0 => {
                varint(&mut message)?;
            }
            1 => message = message.get(8..)?,
            5 => message = message.get(4..)?,
            2 => {
                let length = usize::try_from(varint(&mut message)?).ok()?;
                let field = message.get(..length)?;
                message = &message[length..];
                if tag >> 3 == number {
                    found(field)?;
                }
            }
            _ => return None,
        }
    }
    Some(())
}

fn varint(message: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = message.split_first()?;
        *message = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_counted_by_their_data() {
        assert_eq!(events(b"[]"), 0);
        assert_eq!(events(br#"[{"data":{"a":1}},{"time":"t","data": {}}]"#), 2);
        assert_eq!(events(b"\x92\x81\xa4data\xdf\0\0\0\0\x81\xa4data\xdf"), 2);
    }

    #[test]
    fn spans_are_counted_and_nonsense_is_refused() {
        // One resource with an attribute field, two spans in one scope, one in another.
        let scope = |spans: &[u8]| {
            let mut bytes = vec![0x12, u8::try_from(spans.len()).unwrap_or(0)];
            bytes.extend_from_slice(spans);
            bytes
        };
        let mut resource = vec![0x0a, 1, 0];
        resource.extend(scope(&[0x12, 0, 0x12, 2, 8, 1]));
        resource.extend(scope(&[0x12, 0]));
        let mut request = vec![0x0a, u8::try_from(resource.len()).unwrap_or(0)];
        request.extend(resource);
        assert_eq!(spans(&request), Some(3));
        assert_eq!(spans(b"[{}]"), None);
    }
}
