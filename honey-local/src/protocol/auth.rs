//! `GET /1/auth`: whose key this is, and what it may do.

use serde_json::{Value, json};

use super::KnownKey;

/// The answer for a known key, in the shape of Honeycomb's.
pub(crate) fn describe(key: &KnownKey) -> Value {
    json!({
        "id": "honey_local",
        "type": "ingest",
        "team": { "name": key.team, "slug": slug(&key.team) },
        "environment": { "name": key.environment, "slug": slug(&key.environment) },
        "api_key_access": {
            "events": key.send_events,
            "markers": true,
            "triggers": false,
            "boards": false,
            "queries": false,
            "columns": false,
            "createDatasets": key.datasets.is_none(),
            "slos": false,
            "recipients": false,
            "privateBoards": false,
        },
    })
}

/// The name as it stands in an address: lower case, runs of anything else than letters and digits as one dash.
fn slug(name: &str) -> String {
    let words: Vec<_> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-").to_lowercase()
}

#[cfg(test)]
mod tests {
    #[test]
    fn slugs() {
        assert_eq!(super::slug("The Bakery, Ltd."), "the-bakery-ltd");
        assert_eq!(super::slug(""), "");
    }
}
