//! An event as it is given to a client.

use serde_json::{Map, Value, json};

/// The key that the server knows.
pub(crate) const KEY: &str = concat!("honeykey", "4test-official");

/// One event, for any of the clients.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) id: String,
    pub(crate) key: &'static str,
    pub(crate) dataset: String,
    pub(crate) rate: u32,
    /// Nanoseconds since the Unix epoch.
    pub(crate) time_ns: i64,
    pub(crate) fields: Map<String, Value>,
    /// A field that gets the value NaN, which JSON cannot say.
    pub(crate) nan: Option<&'static str>,
}

impl Sent {
    pub(crate) fn new(id: impl Into<String>, fields: Value) -> Self {
        let Value::Object(fields) = fields else {
            unreachable!("fields are an object");
        };
        Self {
            id: id.into(),
            key: KEY,
            dataset: "My Dataset".to_owned(),
            rate: 1,
            time_ns: 1_136_214_245_990_000_000,
            fields,
            nan: None,
        }
    }

    /// For the scripts of the other clients: a line of JSON. `dataset` as they have to be given it.
    pub(crate) fn line(&self, dataset: &str) -> String {
        json!({
            "id": self.id, "key": self.key, "dataset": dataset, "rate": self.rate, "time_ns": self.time_ns.to_string(),
            "fields": self.fields, "nan": self.nan,
        })
        .to_string()
    }
}
