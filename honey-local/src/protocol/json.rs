//! JSON read strictly: an object that names a key twice is refused at any depth.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// As much of a key as an error quotes.
const QUOTED_CHARS: usize = 100;

/// Reads a value; the error is the text for whoever sent it.
pub(crate) fn strict(text: &str) -> Result<Value, String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| {
        if error.is_data() {
            without_place(&error.to_string())
        } else {
            "Request body is malformed and cannot be read.".to_owned()
        }
    })
}

/// The members of an object, each value unread; `None` when the text is no object.
pub(crate) fn members(text: &str) -> Option<Vec<(String, &RawValue)>> {
    serde_json::from_str::<Members<'_>>(text)
        .ok()
        .map(|members| members.0)
}

/// The elements of an array, each unread.
pub(crate) fn elements(text: &str) -> Option<Vec<&RawValue>> {
    serde_json::from_str(text).ok()
}

/// `serde_json` adds " at line 1 column 2", a place within one event that nobody can look up.
fn without_place(error: &str) -> String {
    error
        .rsplit_once(" at line ")
        .map_or(error, |(text, _)| text)
        .to_owned()
}

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(element) = elements.next_element_seed(Strict)? {
            array.push(element);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(Strict)?;
            if object.contains_key(&key) {
                let shown: String = key.chars().take(QUOTED_CHARS).collect();
                return Err(A::Error::custom(format_args!("duplicate key {shown:?}")));
            }
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut members: A,
            ) -> Result<Members<'de>, A::Error> {
                let mut read = Vec::new();
                while let Some(member) = members.next_entry()? {
                    read.push(member);
                }
                Ok(Members(read))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_are_found_at_any_depth() {
        assert_eq!(
            strict(r#"{"a":1,"a":2}"#),
            Err("duplicate key \"a\"".to_owned())
        );
        assert_eq!(
            strict(r#"{"a":[{"b":1,"\u0062":2}]}"#),
            Err("duplicate key \"b\"".to_owned())
        );
        assert_eq!(
            strict(r#"{"a":{"a":1},"b":{"a":1}}"#),
            Ok(serde_json::json!({"a": {"a": 1}, "b": {"a": 1}}))
        );
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        let deep = "[".repeat(1_000) + &"]".repeat(1_000);
        for text in [
            r#"{"a":NaN}"#,
            r#"{"a":1e999}"#,
            r#"{"a":"\ud800"}"#,
            r#"{"a":1} x"#,
            "{",
            &deep,
        ] {
            assert_eq!(
                strict(text),
                Err("Request body is malformed and cannot be read.".to_owned()),
                "{text}"
            );
        }
    }
}
