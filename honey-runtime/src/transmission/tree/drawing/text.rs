//! Names, values and durations as text for one line.

use serde_json::Value;

/// A name longer than this is cut.
const NAME_CHARS: usize = 64;
/// A value longer than this is cut.
const VALUE_CHARS: usize = 60;

/// A name, harmless to a terminal.
pub(super) fn name(name: &str) -> String {
    escaped(cut(name, NAME_CHARS))
}

/// A value: strings are quoted only when they could be misread without.
pub(super) fn value(value: &Value) -> String {
    let text = match value {
        Value::String(text) => text.clone(),
        other => return escaped(cut(&other.to_string(), VALUE_CHARS)),
    };
    let short = cut(&text, VALUE_CHARS);
    let plain = |c: char| !c.is_whitespace() && !is_control(c) && !matches!(c, '"' | '=' | '\\');
    if !text.is_empty() && text.chars().all(plain) {
        short
    } else {
        format!("{short:?}")
    }
}

/// A sentence, such as an error's message.
pub(super) fn sentence(text: &str) -> String {
    escaped(cut(text, 2 * VALUE_CHARS))
}

/// A duration in the unit that suits it.
pub(super) fn duration(ms: f64) -> String {
    if ms == 0.0 {
        "0 ms".to_owned()
    } else if ms.abs() < 1.0 {
        format!("{:.0} µs", ms * 1_000.0)
    } else if ms.abs() < 1_000.0 {
        format!("{ms:.2} ms")
    } else {
        format!("{:.2} s", ms / 1_000.0)
    }
}

fn cut(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn escaped(text: String) -> String {
    if !text.chars().any(is_control) {
        return text;
    }
    text.chars()
        .map(|c| {
            if is_control(c) {
                c.escape_default().to_string()
            } else {
                c.to_string()
            }
        })
        .collect()
}

/// Controls, and the marks that turn the direction of writing.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
