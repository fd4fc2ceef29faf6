//! Each documented answer of the server, and what becomes of three events that got it.

use honey_test_support::{Act, Answer, Request, Server};

use crate::record::{Chunk, EventRecord};
use crate::response::{DropReason, Outcome};
use crate::sender::testing::rig::{Rig, quick, scope};
use crate::sender::testing::{Put, fields, record, with_metadata};
use crate::sync::Arc;

/// The outcome of one event: with the status, and the server's text.
type Heard = (Outcome, Option<u16>, Option<&'static str>);

/// One answer.
struct Row {
    /// What the server says.
    answer: &'static str,
    act: fn(&Request) -> Act,
    /// Of the events 0, 1 and 2.
    outcomes: [Heard; 3],
    /// The events in each request, the requests in any order.
    requests: &'static [&'static [i64]],
}

const ALL: &[i64] = &[0, 1, 2];
const ONCE: &[&[i64]] = &[ALL];
const TWICE: &[&[i64]] = &[ALL, ALL];

const ACCEPTED: Heard = (Outcome::Accepted, Some(202), None);

const fn unconfirmed(status: u16) -> Heard {
    (Outcome::Unconfirmed, Some(status), None)
}

const fn rejected(status: u16, text: &'static str) -> Heard {
    let text = if text.is_empty() { None } else { Some(text) };
    (Outcome::Rejected, Some(status), text)
}

/// The first request is answered so, the others are accepted.
fn first(request: &Request, status: u16, headers: &'static str, body: &str) -> Act {
    match request.number {
        0 => Act::Answer(Answer::new(status, body).lines(headers)),
        _ => Act::accept(request),
    }
}

/// Per event, in a 200.
const OF_EVENTS: &[Row] = &[
    Row {
        answer: "200, 202 for each event",
        act: Act::accept,
        outcomes: [ACCEPTED; 3],
        requests: ONCE,
    },
    Row {
        answer: "202, 202 for each event",
        act: |_| Act::status(202, r#"[{"status":202},{"status":202},{"status":202}]"#),
        outcomes: [ACCEPTED; 3],
        requests: ONCE,
    },
    Row {
        answer: "400 for events of their own: never again",
        act: |_| {
            Act::status(
                200,
                r#"[{"status":400,"error":"Event has too many columns."},{"status":202},{"status":400,"error":"empty event data"}]"#,
            )
        },
        outcomes: [
            rejected(400, "Event has too many columns."),
            ACCEPTED,
            rejected(400, "empty event data"),
        ],
        requests: ONCE,
    },
    Row {
        answer: "429 for an event: that alone goes again",
        act: |request| {
            let full = r#"[{"status":202},{"status":429,"error":"Dropping span as channel buffer is full."},{"status":202}]"#;
            first(request, 200, "", full)
        },
        outcomes: [ACCEPTED; 3],
        requests: &[&[0, 1, 2], &[1]],
    },
    Row {
        answer: "5xx for events: those alone go again",
        act: |request| {
            first(
                request,
                200,
                "",
                r#"[{"status":500},{"status":202},{"status":503}]"#,
            )
        },
        outcomes: [ACCEPTED; 3],
        requests: &[&[0, 1, 2], &[0, 2]],
    },
    Row {
        answer: "429 for an event, always: bounded",
        act: |request| {
            let of_one = |n: &i64| match n {
                1 => r#"{"status":429,"error":"full"}"#,
                _ => r#"{"status":202}"#,
            };
            let elements: Vec<_> = request.numbers().iter().map(of_one).collect();
            Act::status(200, format!("[{}]", elements.join(",")))
        },
        outcomes: [
            ACCEPTED,
            (
                Outcome::Dropped(DropReason::MaxTries),
                Some(429),
                Some("full"),
            ),
            ACCEPTED,
        ],
        requests: &[
            &[0, 1, 2],
            &[1],
            &[1],
            &[1],
            &[1],
            &[1],
            &[1],
            &[1],
            &[1],
            &[1],
        ],
    },
    Row {
        answer: "one element for the whole batch",
        act: |_| Act::status(200, r#"[{"status":202}]"#),
        outcomes: [ACCEPTED, unconfirmed(200), unconfirmed(200)],
        requests: ONCE,
    },
    Row {
        answer: "fewer elements, one of them a refusal",
        act: |_| Act::status(202, r#"[{"status":202},{"status":400,"error":"bad"}]"#),
        outcomes: [ACCEPTED, rejected(400, "bad"), unconfirmed(202)],
        requests: ONCE,
    },
    Row {
        answer: "more elements than events",
        act: |_| {
            Act::status(
                200,
                r#"[{"status":202},{"status":202},{"status":202},{"status":400},{"status":429}]"#,
            )
        },
        outcomes: [ACCEPTED; 3],
        requests: ONCE,
    },
    Row {
        answer: "elements of no known kind",
        act: |_| Act::status(200, r#"[{"status":"202"},{"error":"?"},{"status":9}]"#),
        outcomes: [unconfirmed(200); 3],
        requests: ONCE,
    },
    Row {
        answer: "an array that is none of elements half way",
        act: |_| Act::status(200, r#"[{"status":202},7,{"status":202}]"#),
        outcomes: [ACCEPTED, unconfirmed(200), unconfirmed(200)],
        requests: ONCE,
    },
    Row {
        answer: "an empty array",
        act: |_| Act::status(200, "[]"),
        outcomes: [unconfirmed(200); 3],
        requests: ONCE,
    },
    Row {
        answer: "a body that is cut short",
        act: |_| {
            let cut = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{\"status\":202},{\"sta";
            Act::Bytes(cut.into())
        },
        outcomes: [ACCEPTED, unconfirmed(200), unconfirmed(200)],
        requests: ONCE,
    },
    Row {
        answer: "a body that is not JSON",
        act: |_| Act::status(200, "<html>"),
        outcomes: [unconfirmed(200); 3],
        requests: ONCE,
    },
    Row {
        answer: "a body that is no array",
        act: |_| Act::status(200, r#"{"status":202}"#),
        outcomes: [unconfirmed(200); 3],
        requests: ONCE,
    },
    Row {
        answer: "202 and no body",
        act: |_| Act::status(202, ""),
        outcomes: [unconfirmed(202); 3],
        requests: ONCE,
    },
];

/// For the request as a whole; the texts are those of the document.
const OF_REQUESTS: &[Row] = &[
    Row {
        answer: "400 unknown API key: probed until it is known",
        act: |request| {
            let error = r#"{"error":"unknown API key - check your credentials"}"#;
            first(request, 400, "", error)
        },
        outcomes: [ACCEPTED; 3],
        requests: TWICE,
    },
    Row {
        answer: "400 request body is too large: halves",
        act: |request| match request.numbers().len() {
            1 => Act::accept(request),
            _ => Act::status(400, r#"{"error":"request body is too large"}"#),
        },
        outcomes: [ACCEPTED; 3],
        requests: &[&[0, 1, 2], &[0], &[1, 2], &[1], &[2]],
    },
    Row {
        answer: "400 malformed: the bad event is found",
        act: |request| {
            let error = r#"{"error":"request body is malformed and cannot be read as JSON"}"#;
            if request.numbers().contains(&1) {
                Act::status(400, error)
            } else {
                Act::accept(request)
            }
        },
        outcomes: [
            ACCEPTED,
            rejected(400, "request body is malformed and cannot be read as JSON"),
            ACCEPTED,
        ],
        requests: &[&[0, 1, 2], &[0], &[1, 2], &[1], &[2]],
    },
    Row {
        answer: "403 administrative throttling: rejected, no pause",
        act: |_| {
            Act::status(
                403,
                r#"{"error":"event dropped due to administrative throttling"}"#,
            )
        },
        outcomes: [rejected(403, "event dropped due to administrative throttling"); 3],
        requests: ONCE,
    },
    Row {
        answer: "429 administrative blacklist: again, after a pause",
        act: |request| {
            let error = r#"{"error":"event dropped due to administrative blacklist"}"#;
            first(request, 429, "", error)
        },
        outcomes: [ACCEPTED; 3],
        requests: TWICE,
    },
    Row {
        answer: "429 rate limiting: again, after a pause",
        act: |request| {
            let error = r#"{"error":"request dropped due to rate limiting"}"#;
            first(request, 429, "", error)
        },
        outcomes: [ACCEPTED; 3],
        requests: TWICE,
    },
    Row {
        answer: "429 with Retry-After in fractions of a second",
        act: |request| first(request, 429, "Retry-After: 0.01\r\n", ""),
        outcomes: [ACCEPTED; 3],
        requests: TWICE,
    },
    Row {
        answer: "429 with Retry-After as a date",
        act: |request| {
            first(
                request,
                429,
                "Retry-After: Mon, 02 Jan 2006 15:04:05 GMT\r\n",
                "",
            )
        },
        outcomes: [ACCEPTED; 3],
        requests: TWICE,
    },
    Row {
        answer: "429 with Retry-After that is neither",
        act: |request| first(request, 429, "Retry-After: soon\r\n", ""),
        outcomes: [ACCEPTED; 3],
        requests: TWICE,
    },
    Row {
        answer: "401: probed until the key is known",
        act: |request| first(request, 401, "", "no"),
        outcomes: [ACCEPTED; 3],
        requests: TWICE,
    },
    Row {
        answer: "404: rejected",
        act: |_| Act::status(404, "nothing here"),
        outcomes: [rejected(404, "nothing here"); 3],
        requests: ONCE,
    },
    Row {
        answer: "302: rejected, never followed",
        act: |_| Act::Answer(Answer::new(302, "").header("Location", "http://127.0.0.1:1/")),
        outcomes: [rejected(302, ""); 3],
        requests: ONCE,
    },
    Row {
        answer: "413: halves, and a single event is rejected",
        act: |request| match request.numbers().as_slice() {
            [0 | 1] => Act::accept(request),
            _ => Act::status(413, "too much"),
        },
        outcomes: [ACCEPTED, ACCEPTED, rejected(413, "too much")],
        requests: &[&[0, 1, 2], &[0], &[1, 2], &[1], &[2]],
    },
    Row {
        answer: "500: again",
        act: |request| first(request, 500, "", "oops"),
        outcomes: [ACCEPTED; 3],
        requests: TWICE,
    },
    Row {
        answer: "502: again",
        act: |request| first(request, 502, "", "<html>"),
        outcomes: [ACCEPTED; 3],
        requests: TWICE,
    },
    Row {
        answer: "503 with Retry-After in seconds: again",
        act: |request| first(request, 503, "Retry-After: 0\r\n", ""),
        outcomes: [ACCEPTED; 3],
        requests: TWICE,
    },
    Row {
        answer: "504: again",
        act: |request| first(request, 504, "", ""),
        outcomes: [ACCEPTED; 3],
        requests: TWICE,
    },
];

/// The forms that a refusal's text comes in.
const OF_TEXTS: &[Row] = &[
    Row {
        answer: "an error in JSON",
        act: |_| Act::status(403, r#"{"error":"the words"}"#),
        outcomes: [rejected(403, "the words"); 3],
        requests: ONCE,
    },
    Row {
        answer: "RFC 7807",
        act: |_| {
            Act::status(
                403,
                r#"{"status":403,"type":"https://x","title":"Forbidden","detail":"the words"}"#,
            )
        },
        outcomes: [rejected(403, "the words"); 3],
        requests: ONCE,
    },
    Row {
        answer: "plain text",
        act: |_| Act::status(403, " the words\n"),
        outcomes: [rejected(403, "the words"); 3],
        requests: ONCE,
    },
    Row {
        answer: "JSON that is itself malformed",
        act: |_| Act::status(403, r#"{"error":"key "x" not found"}"#),
        outcomes: [rejected(403, r#"{"error":"key "x" not found"}"#); 3],
        requests: ONCE,
    },
];

#[test]
fn each_answer_has_the_outcome_of_the_table() {
    for row in OF_EVENTS.iter().chain(OF_REQUESTS).chain(OF_TEXTS) {
        check(row);
    }
}

#[track_caller]
fn check(row: &Row) {
    let server = Server::new(row.act);
    let rig = Rig::http(quick());
    let responses = rig.subscribe();
    rig.offer(three_events(&server), 1);
    rig.settled();
    rig.close();
    let mut heard: Vec<_> = responses
        .map(|response| {
            let n = response.metadata::<i64>("n").copied();
            (n, response.outcome, response.status, response.body)
        })
        .collect();
    heard.sort_by_key(|(n, ..)| *n);
    let expected: Vec<_> = (0..)
        .zip(row.outcomes)
        .map(|(n, (outcome, status, text))| (Some(n), outcome, status, text.map(str::to_owned)))
        .collect();
    assert_eq!(heard, expected, "{}", row.answer);
    let mut requests: Vec<_> = server.seen().iter().map(Request::numbers).collect();
    requests.sort();
    let mut expected = row.requests.to_vec();
    expected.sort_unstable();
    assert_eq!(requests, expected, "{}", row.answer);
}

/// The events 0, 1, 2, which say so in their responses.
fn three_events(server: &Server) -> Chunk {
    let to = scope(&server.url(), "d");
    let mut chunk = Chunk::default();
    for n in 0..3_i64 {
        let extra = Some(Arc::new(with_metadata(vec![("n".into(), Box::new(n))])));
        let record = EventRecord { extra, ..record() };
        chunk.push(record, &fields([("n", Put::from(n))]), &to);
    }
    chunk
}
