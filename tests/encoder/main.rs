//! A hundred thousand random events, as they go over the wire, before two readers that share no code with the encoder: Python's
//! `json` and `serde_json` (in honey-local, which also refuses what is over a limit). Values, names and times are those of a plain
//! model; `HONEY_EVENTS=n` sends another number of them. A third goes as MessagePack, which honey-local reads with a crate of its own
//! (`rmpv`), and is held to the same model.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use honey_test_support as _;

mod canonical;
mod given;
mod model;
mod python;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::env;
use std::time::Duration;

use given::{Batch, ID};
use honey::{BodyEncoding, Client, Compression, Config};
use honey_local::Server;
use proptest::test_runner::{Config as Cases, RngAlgorithm, TestCaseError, TestError, TestRunner};
use python::{Expected, Python};

const KEY: &str = concat!("honeykey", "4test-encoder");
const EVENTS: usize = 100_000;
const EVENTS_PER_BATCH: usize = 1_000;
/// Long enough that a test which needs it has failed.
const LONG: Duration = Duration::from_mins(1);
const MAX_BODY_BYTES: usize = 5_000_000;

#[test]
fn both_readers_find_what_was_meant() {
    let events = env::var("HONEY_EVENTS").ok();
    let events = events.map_or(EVENTS, |events| events.parse().unwrap());
    let python = RefCell::new(Python::start());
    let mut runner = TestRunner::new(Cases {
        cases: u32::try_from(events.div_ceil(EVENTS_PER_BATCH)).unwrap(),
        failure_persistence: None,
        max_shrink_iters: 500,
        // The default one takes longer, unoptimized, than all the rest.
        rng_algorithm: RngAlgorithm::XorShift,
        ..Cases::default()
    });
    let done = runner.run(&given::batch(EVENTS_PER_BATCH), |batch| {
        check(&batch, &mut python.borrow_mut())
    });
    match done {
        Ok(()) => {}
        Err(TestError::Fail(why, batch)) => unreachable!("{why}\n{batch:?}"),
        Err(TestError::Abort(why)) => unreachable!("{why}"),
    }
}

fn check(batch: &Batch, python: &mut Python) -> Result<(), TestCaseError> {
    let server = Server::start().unwrap();
    send(batch, &server)?;
    let mut arrived = BTreeSet::new();
    for request in server.requests() {
        if request.body.len() > MAX_BODY_BYTES {
            return Err(fail(format!("a body of {} bytes", request.body.len())));
        }
        let mut expected = Vec::with_capacity(request.events.len());
        for event in &request.events {
            let id = event.u64(ID).unwrap();
            let given = &batch.events[usize::try_from(id).unwrap()];
            let data = model::check(batch, given, event)
                .map_err(|why| fail(format!("event {id}: {why}")))?;
            expected.push(Expected::new(given, &data));
            arrived.insert(id);
        }
        if batch.encoding == BodyEncoding::Json {
            python.check(&request.body, &expected).map_err(fail)?;
        }
    }
    if arrived.len() != batch.events.len() {
        return Err(fail(format!("{} events arrived", arrived.len())));
    }
    Ok(())
}

fn fail(why: String) -> TestCaseError {
    TestCaseError::fail(why)
}

/// All of the batch from this thread, through the public face; a server that is strict accepts everything.
fn send(batch: &Batch, server: &Server) -> Result<(), TestCaseError> {
    let config = Config::new(KEY)
        .api_host(server.url())
        .dataset("encoder")
        // What is given up is sent again, and may arrive twice.
        .request_timeout(LONG)
        .compression(if batch.is_compressed {
            Compression::Zstd(1)
        } else {
            Compression::None
        })
        .body_encoding(batch.encoding)
        .send_frequency(Duration::from_millis(5))
        .silent();
    let client = Client::new(config).unwrap();
    for (key, value) in &batch.scope {
        client.scope().add_field(key.clone(), value);
    }
    for (id, event) in batch.events.iter().enumerate() {
        event.send(id, &client);
    }
    let report = client.close(LONG);
    let stats = &report.stats;
    if !stats.is_balanced() || stats.accepted != batch.events.len() as u64 {
        let refused = server.requests();
        let answers: Vec<_> = refused.iter().map(|request| &request.answer).collect();
        return Err(fail(format!("{report}: {answers:?}")));
    }
    Ok(())
}
