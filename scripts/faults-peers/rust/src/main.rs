//! libhoney-rust as one of the clients of scripts/faults-peers.sh: `URL EVENTS`. Prints what it was told about the events.

use std::time::{Duration, Instant};

use libhoney::{FieldHolder, Value, client, transmission};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let events: u64 = arguments[2].parse().expect("a number of events");
    let mut client = libhoney::init(libhoney::Config {
        options: client::Options {
            api_host: arguments[1].clone(),
            api_key: "peer".to_owned(),
            dataset: "d".to_owned(),
            ..client::Options::default()
        },
        transmission_options: transmission::Options::default(),
    });
    let responses = client.responses();
    let started = Instant::now();
    let mut refused = 0;
    for n in 0..events {
        if n == events / 2 {
            std::thread::sleep(Duration::from_millis(500));
        }
        std::thread::sleep(Duration::from_millis(1));
        let mut event = client.new_event();
        event.add_field("n", Value::from(n));
        refused += u64::from(event.send(&mut client).is_err());
    }
    let closed = client.close();
    let seconds = started.elapsed().as_secs_f64();
    let (mut delivered, mut lost) = (0, refused);
    for response in responses.try_iter() {
        match response.status_code {
            Some(status) if status.is_success() => delivered += 1,
            _ => lost += 1,
        }
    }
    eprintln!("{closed:?}");
    println!(r#"{{"delivered": {delivered}, "lost": {lost}, "seconds": {seconds}}}"#);
}
