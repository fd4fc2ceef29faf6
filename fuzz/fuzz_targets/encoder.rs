//! Fields of all kinds, recorded, encoded, and read back: what was written last under a key is there, exactly.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// Takes values off the front of the input.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn eight(&mut self) -> Option<[u8; 8]> {
        let (bytes, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*bytes)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::from(self.byte()?).min(self.0.len());
        let (bytes, rest) = self.0.split_at(length);
        self.0 = rest;
        let valid = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default(),
        };
        Some(valid)
    }
}

/// Adds one field; what it must read as, `None` when it has to be left out.
fn add(event: &mut honey::Event, key: &str, input: &mut Input<'_>) -> Option<Option<Value>> {
    let key = key.to_owned();
    let kind = input.byte()?;
    Some(Some(match kind % 6 {
        0 => {
            let number = i64::from_le_bytes(input.eight()?);
            event.add_field(key, number);
            json!(number)
        }
        1 => {
            let number = u64::from_le_bytes(input.eight()?);
            event.add_field(key, number);
            json!(number)
        }
        2 => {
            let number = f64::from_le_bytes(input.eight()?);
            event.add_field(key, number);
            if !number.is_finite() {
                return Some(None);
            }
            json!(number)
        }
        3 => {
            let truth = kind > 100;
            event.add_field(key, truth);
            json!(truth)
        }
        4 => {
            let text = input.text()?;
            event.add_field(key, honey::display(&text));
            json!(text)
        }
        _ => {
            let text = input.text()?;
            event.add_field(key, text);
            json!(text)
        }
    }))
}

/// Equal, but that a whole number may be written as one.
fn is_same(left: &Value, right: &Value) -> bool {
    left == right
        || left
            .as_f64()
            .zip(right.as_f64())
            .is_some_and(|(left, right)| left == right)
}

fuzz_target!(|data: &[u8]| {
    let mut input = Input(data);
    let mut expected = BTreeMap::new();
    let captured = honey::testing::capture(|| {
        let mut event = honey::Event::new();
        event.add_field("first", true);
        while let Some(choice) = input.byte() {
            // A key that cannot be meant otherwise, whose value is compared; or any text, which only must do no harm.
            let key = if choice < 200 {
                format!("key{}", choice % 16)
            } else {
                input.text().unwrap_or_default().to_owned()
            };
            let Some(value) = add(&mut event, &key, &mut input) else {
                break;
            };
            if choice < 200 {
                expected.insert(key, value);
            } else {
                expected.remove(&key);
            }
        }
        event.send();
    });
    assert!(captured.stats().is_balanced());
    let event = captured.events().one();
    for (key, value) in expected {
        let found = event.field(&key);
        if let Some(value) = value {
            assert!(
                found.is_some_and(|found| is_same(found, &value)),
                "{key}: {found:?}, not {value}"
            );
        }
    }
});
