//! `OTEL_RESOURCE_ATTRIBUTES`: `key=value,key=value`, percent-encoded as W3C Baggage is. Source: OpenTelemetry's resource SDK.

/// One attribute, decoded.
type Attribute = (String, String);

const SERVICE_NAME: &str = "service.name";

/// Reads a list; the error says what is wrong and what to write.
pub(crate) fn read(list: &str) -> Result<Vec<Attribute>, String> {
    let pieces = list.split(',').map(str::trim);
    pieces
        .filter(|piece| !piece.is_empty())
        .map(attribute)
        .collect()
}

/// The service's name out of a list, in which it stands no more; empty without one.
pub(super) fn take_service_name(attributes: &mut Vec<Attribute>) -> String {
    let mut name = String::new();
    attributes.retain(|(key, value)| {
        let is_it = key == SERVICE_NAME;
        if is_it {
            name.clone_from(value);
        }
        !is_it
    });
    name
}

fn attribute(piece: &str) -> Result<Attribute, String> {
    let pair = piece.split_once('=');
    let Some((key, value)) = pair.filter(|(key, _)| !key.trim().is_empty()) else {
        return Err(format!(
            "{piece:?} has no key or no `=`: write `key=value,key=value`, with `%2C` for a comma and `%3D` for an equals sign"
        ));
    };
    Ok((decoded(key.trim())?, decoded(value.trim())?))
}

/// Takes `%XX` back to the bytes it stands for.
fn decoded(text: &str) -> Result<String, String> {
    let mut pieces = text.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let digits = piece
            .get(..2)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let Some(byte) = byte else {
            return Err(format!(
                "{text:?} has a `%` without two hexadecimal digits after it: write `%25` for a percent sign"
            ));
        };
        bytes.push(byte);
        bytes.extend_from_slice(&piece.as_bytes()[2..]);
    }
    String::from_utf8(bytes)
        .map_err(|_| format!("{text:?} is not UTF-8 once decoded: encode the bytes of UTF-8 text"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_decoded_and_the_last_service_name_counts() {
        let list = "a=1, service.name=x,b%20c = d%2Ce%3df , ,empty=,service.name=caf%C3%A9,u=ü=v";
        let mut read = read(list).unwrap_or_default();
        assert_eq!(take_service_name(&mut read), "café");
        let expected = [("a", "1"), ("b c", "d,e=f"), ("empty", ""), ("u", "ü=v")];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(read, expected);
    }
}
