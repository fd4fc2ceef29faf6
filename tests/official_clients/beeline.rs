//! The beeline for Python keeps the traces that honey keeps: a fleet of both has whole traces.

use honey::{Client, Config};
use serde_json::json;

use crate::client::Official;

const RATES: [u32; 5] = [1, 2, 3, 17, 100];
const IDS: usize = 400;

#[test]
fn the_head_keeps_the_same_traces() {
    // honey makes an id and decides at one rate; so each id comes with one answer of ours.
    let mut ours = Vec::new();
    for (place, rate) in RATES.into_iter().enumerate() {
        let config = Config::new("").api_host("").dataset("d").sample_rate(rate);
        let client = Client::new(config).unwrap();
        honey::with_client(&client, || {
            for _ in 0..IDS {
                let scope = honey::start_child("root");
                let id = scope.handle().trace_id().unwrap().to_string();
                ours.push((id, place, scope.handle().is_recording()));
            }
        });
    }
    assert!(
        ours.iter()
            .all(|(_, place, kept)| RATES[*place] > 1 || *kept)
    );
    let ids: Vec<String> = ours.iter().map(|(id, ..)| id.clone()).collect();
    for official in Official::asked_for("the head's decision") {
        // There is none for JavaScript on its own.
        if official == Official::JavaScript {
            continue;
        }
        let theirs = official.keeps(&ids, &RATES);
        assert_eq!(theirs.len(), ours.len());
        for ((id, place, kept), answers) in ours.iter().zip(&theirs) {
            let rate = RATES[*place];
            assert_eq!(answers[*place], json!(kept), "{id}, 1 in {rate}");
        }
    }
}
