//! Responses: one for each event, whoever hears of them, and nothing that waits for ever.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support as _;
use std::sync::{OnceLock, mpsc};
use std::time::Duration;

use honey::{
    Client, Config, DiagnosticKind, DiscardReason, DropReason, Event, Outcome, RecvError, Response,
};
use honey_local::{Answer, Server};

const KEY: &str = concat!("honeykey", "4test-responses");
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);

fn config(server: &Server) -> Config {
    Config::new(KEY)
        .api_host(server.url())
        .dataset("responses")
        // What is given up is sent again, and may arrive twice.
        .request_timeout(LONG)
        .silent()
}

fn event(client: &Client, number: u64) -> Event {
    let mut event = client.builder().new_event();
    event.add_field("number", number);
    event.add_metadata("number", number);
    event
}

fn number(response: &Response) -> u64 {
    *response.metadata::<u64>("number").unwrap()
}

/// Every kind of end, each event's number in its metadata.
fn one_of_each(client: &Client) {
    event(client, 0).send();
    drop(event(client, 1));
    let mut sampled = event(client, 2);
    sampled.set_sample_rate(u32::MAX);
    sampled.send();
    let mut nowhere = event(client, 3);
    nowhere.set_api_host("");
    nowhere.send();
    let mut unsendable = event(client, 4);
    unsendable.set_api_host("api.honeycomb.io");
    unsendable.send();
    let mut empty = client.builder().new_event();
    empty.add_metadata("number", 5_u64);
    empty.send();
}

#[test]
fn a_handler_hears_once_of_each_event_on_a_thread_of_honeys_own() {
    let server = Server::start().unwrap();
    let (sender, heard) = mpsc::channel();
    let handler = move |response: Response| {
        let thread = std::thread::current().name().map(str::to_owned);
        sender.send((thread, response)).unwrap();
    };
    let client = Client::new(config(&server).on_response(handler)).unwrap();
    one_of_each(&client);
    let report = client.close(LONG);
    assert!(report.in_time && report.stats.is_balanced(), "{report}");
    let mut heard: Vec<_> = heard.iter().collect();
    heard.sort_by_key(|(_, response)| number(response));
    let numbers: Vec<_> = heard.iter().map(|(_, response)| number(response)).collect();
    assert_eq!(
        numbers,
        [0, 1, 2, 3, 4, 5],
        "each once, all before close returns"
    );
    let outcomes: Vec<_> = heard.iter().map(|(_, response)| response.outcome).collect();
    assert_eq!(
        outcomes,
        [
            Outcome::Accepted,
            Outcome::Discarded(DiscardReason::Unsent),
            Outcome::SampledOut,
            Outcome::Discarded(DiscardReason::NoDestination),
            Outcome::Dropped(DropReason::Transport),
            Outcome::Dropped(DropReason::NoFields),
        ]
    );
    assert!(
        heard
            .iter()
            .all(|(thread, _)| thread.as_deref() == Some("honey-responses"))
    );
    let (_, sampled_out) = &heard[2];
    assert_eq!(
        (sampled_out.status, &sampled_out.error),
        (None, &None),
        "no error"
    );
    let (_, unsendable) = &heard[4];
    let why = unsendable.error.as_deref().unwrap();
    assert!(why.contains("https://api.honeycomb.io"), "{why}");
}

#[test]
fn a_handler_that_panics_is_called_again_and_makes_no_events() {
    let server = Server::start().unwrap();
    let (sender, heard) = mpsc::channel();
    let handler = move |response: Response| {
        drop(honey::start_child("inside"));
        Event::new().send();
        sender.send(number(&response)).unwrap();
        assert!(number(&response) != 0, "the first one");
    };
    let client = Client::new(config(&server).on_response(handler)).unwrap();
    honey::with_client(&client, || {
        for number in 0..3 {
            event(&client, number).send();
            assert!(client.flush(LONG));
        }
    });
    let stats = client.close(LONG).stats;
    assert_eq!(heard.iter().collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!((stats.created, stats.user_panics), (3, 1), "{stats}");
}

#[test]
fn a_handler_may_close_its_client_which_does_not_wait_for_it() {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    let server = Server::start().unwrap();
    let (sender, closed) = mpsc::channel();
    let handler = move |_: Response| {
        let report = CLIENT.get().unwrap().close(LONG);
        sender.send(report.elapsed).unwrap();
    };
    let client = Client::new(config(&server).on_response(handler)).unwrap();
    event(CLIENT.get_or_init(|| client), 0).send();
    assert!(closed.recv_timeout(LONG).unwrap() < LONG);
}

#[test]
fn a_handler_that_hangs_holds_up_neither_sending_nor_close() {
    let server = Server::start().unwrap();
    let (release, released) = mpsc::channel::<()>();
    let handler = move |_: Response| {
        let _ = released.recv_timeout(LONG);
    };
    let config = config(&server).responses_capacity(2).on_response(handler);
    let client = Client::new(config).unwrap();
    for number in 0..10 {
        event(&client, number).send();
    }
    assert!(
        client.flush(LONG),
        "flush waits for outcomes, not for the handler"
    );
    // One is with the handler or in the queue of two; the rest found no room.
    let unread = client.stats().unread_responses;
    assert!((7..=8).contains(&unread), "{unread}");
    let report = client.close(Duration::from_millis(100));
    assert!(report.elapsed < LONG, "{report}");
    assert_eq!(report.stats.accepted, 10);
    drop(release);
}

#[test]
fn a_handler_gets_them_all_when_sending_waits_for_it() {
    let server = Server::start().unwrap();
    let (sender, heard) = mpsc::sync_channel(0);
    let config = config(&server)
        .responses_capacity(1)
        .block_on_response(true)
        .on_response(move |response| {
            let _ = sender.send(number(&response));
        });
    let client = Client::new(config).unwrap();
    for number in 0..20 {
        event(&client, number).send();
    }
    let mut numbers: Vec<u64> = (0..20).map(|_| heard.recv_timeout(LONG).unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..20).collect::<Vec<_>>());
    assert_eq!(client.close(LONG).stats.unread_responses, 0);
}

#[test]
fn readers_stay_empty_when_there_is_a_handler_and_are_told_so() {
    let server = Server::start().unwrap();
    let (sender, said) = mpsc::channel();
    let config = config(&server)
        .on_response(drop)
        .on_diagnostic(move |kind, text| sender.send((kind, text.to_owned())).unwrap());
    let client = Client::new(config).unwrap();
    let responses = client.responses();
    event(&client, 0).send();
    client.close(LONG);
    assert_eq!(responses.recv_timeout(LONG).unwrap_err(), RecvError::Closed);
    let (kind, text) = said.recv_timeout(LONG).unwrap();
    assert!(
        kind == DiagnosticKind::Misuse && text.contains("on_response"),
        "{text}"
    );
}

#[test]
fn the_unread_are_dropped_and_counted_and_nothing_is_kept_for_nobody() {
    let server = Server::start().unwrap();
    let config = config(&server).responses_capacity(3).send_frequency(LONG);
    let client = Client::new(config).unwrap();
    let kept = std::sync::Arc::new(());
    let mut first = event(&client, 0);
    first.add_metadata("kept", std::sync::Arc::clone(&kept));
    first.send();
    assert_eq!(
        std::sync::Arc::strong_count(&kept),
        1,
        "metadata that nobody asks for goes at once"
    );
    assert!(client.flush(LONG));
    let responses = client.responses();
    assert!(responses.try_recv().is_none(), "of events from now on");
    for number in 1..=5 {
        event(&client, number).send();
    }
    assert!(client.flush(LONG));
    let read: Vec<u64> = responses.map(|response| number(&response)).collect();
    assert_eq!((read.len(), client.stats().unread_responses), (3, 2));
    client.close(LONG);
}

#[test]
fn a_response_says_what_the_server_said_and_how_long_it_took() {
    let server = Server::start().unwrap();
    let answer = r#"[{"status":202},{"status":400,"error":"Event has too many columns."}]"#;
    server.respond_next(1, Answer::new(200).body(answer));
    let config = config(&server).send_frequency(LONG);
    let client = Client::new(config).unwrap();
    let responses = client.responses();
    for number in 0..2 {
        event(&client, number).send();
    }
    assert!(client.flush(LONG));
    let mut read: Vec<Response> = responses.collect();
    read.sort_by_key(number);
    assert_eq!(
        (read[0].outcome, read[0].status),
        (Outcome::Accepted, Some(202))
    );
    assert_eq!(
        (read[1].outcome, read[1].status),
        (Outcome::Rejected, Some(400))
    );
    let text = format!("{:?}", read[1]);
    assert!(text.contains("too many columns"), "{text}");
    assert!(read.iter().all(|response| response.duration < LONG));
    assert_eq!(read[0].metadata::<u32>("number"), None, "another type");
    client.close(LONG);
}

/// Nothing of these reaches the ship side, which makes the other responses.
#[test]
fn what_is_left_out_and_what_finds_no_room_has_its_response_at_once() {
    let server = Server::start().unwrap();
    let config = config(&server).max_pending_events(1).send_frequency(LONG);
    let client = Client::new(config).unwrap();
    let responses = client.responses();
    event(&client, 0).send();
    event(&client, 1).send();
    let refused = responses.recv_timeout(Duration::ZERO).unwrap();
    assert_eq!(
        (number(&refused), refused.outcome),
        (1, Outcome::Dropped(DropReason::QueueFull))
    );
    let mut sampled = client.builder().new_event();
    sampled.set_sample_rate(u32::MAX);
    sampled.send();
    let left_out = |response: &Response| response.outcome == Outcome::SampledOut;
    assert_eq!(responses.clone().filter(left_out).count(), 1);
    client.close(LONG);
}
