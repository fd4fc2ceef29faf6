//! Datasets and markers.

use crate::pair;

const BODY: &str = r#"[{"data":{"a":1}}]"#;

#[test]
fn the_first_casing_is_shown() {
    let (server, mut client) = pair();
    for path in [
        "/1/batch/MyDatasET",
        "/1/batch/mydataset",
        "/1/events/MYDATASET",
    ] {
        let body = if path.starts_with("/1/events") {
            r#"{"a":1}"#
        } else {
            BODY
        };
        assert_eq!(client.post(path, &[], body).status, 200);
    }
    let events = server.events();
    assert!(
        events
            .iter()
            .all(|event| event.dataset.as_str() == "MyDatasET" && event.dataset == "myDataset")
    );
}

#[test]
fn names_are_decoded_once_and_stay_one_segment() {
    let (server, mut client) = pair();
    for path in [
        "My%20Dataset",
        "foo%2Fbar",
        "foo%2520bar",
        "..%2f..",
        "caf%C3%A9",
        "a?b=c/d",
    ] {
        assert_eq!(
            client.post(&format!("/1/batch/{path}"), &[], BODY).status,
            200
        );
    }
    let names: Vec<_> = server
        .events()
        .iter()
        .map(|event| event.dataset.to_string())
        .collect();
    assert_eq!(
        names,
        ["My Dataset", "foo/bar", "foo%20bar", "../..", "café", "a"]
    );
    for path in ["a%zz", "%ff", "%20"] {
        assert_eq!(
            client.post(&format!("/1/batch/{path}"), &[], BODY).status,
            400
        );
    }
}

#[test]
fn markers() {
    let (server, mut client) = pair();
    let answer = client.post(
        "/1/markers/__all__",
        &[],
        r#"{"message":"deploy 7","type":"deploy","start_time":1700000000}"#,
    );
    assert_eq!(
        (answer.status, &answer.json()["message"]),
        (201, &"deploy 7".into())
    );
    assert!(answer.json()["id"].is_string());
    for body in ["[]", r#"{"message":7}"#, r#"{"start_time":"now"}"#, "{"] {
        assert_eq!(client.post("/1/markers/shop", &[], body).status, 400);
    }
    let markers = server.markers();
    assert_eq!(
        (markers.len(), &markers[0].data["type"]),
        (1, &"deploy".into())
    );
    assert_eq!(markers[0].dataset, "__all__");
}
