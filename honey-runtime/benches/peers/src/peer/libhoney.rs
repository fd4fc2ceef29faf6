//! libhoney-rust, events by hand. Its responses are read, for it stops when they are not.

use std::mem::ManuallyDrop;
use std::time::Instant;

use libhoney::transmission::Transmission;
use libhoney::{Client, FieldHolder};
use serde_json::{Value, json};

use super::throttle::{Arrivals, Throttle};
use super::{Caller, Delivered, Peer, Setup};
use crate::work::{Input, work};

/// Its default of `pending_work_capacity`, and the tuned one.
const PENDING: usize = 10_000;
const TUNED_PENDING: usize = 40_000;
/// Events in a request. Its default is 50.
const TUNED_BATCH: usize = 1_000;

pub(crate) struct Libhoney {
    /// Dropping one clone stops the sending for all of them.
    client: ManuallyDrop<Client<Transmission>>,
    arrivals: Arrivals,
    pending: usize,
    /// In delivery, events are part of a trace, as everybody else's.
    with_ids: bool,
}

impl Libhoney {
    pub(crate) fn start(setup: &Setup) -> Self {
        let mut transmission_options = libhoney::transmission::Options::default();
        if setup.tuned {
            transmission_options.max_batch_size = TUNED_BATCH;
            transmission_options.pending_work_capacity = TUNED_PENDING;
        }
        let client = libhoney::init(libhoney::Config {
            options: libhoney::client::Options {
                api_key: "a-key".to_owned(),
                api_host: setup.url.clone(),
                dataset: "peers".to_owned(),
                ..libhoney::client::Options::default()
            },
            transmission_options,
        });
        let arrivals = Arrivals::default();
        let counted = arrivals.clone();
        let responses = client.responses();
        std::thread::spawn(move || {
            for response in responses {
                if response.error.is_none() {
                    counted.add(1);
                }
            }
        });
        Self {
            client: ManuallyDrop::new(client),
            arrivals,
            pending: if setup.tuned { TUNED_PENDING } else { PENDING },
            with_ids: !setup.in_process,
        }
    }
}

impl Peer for Libhoney {
    type Caller = Calls;

    fn caller(&self) -> Calls {
        Calls {
            client: self.client.clone(),
            with_ids: self.with_ids,
            throttle: Throttle::new(self.arrivals.clone(), self.pending),
        }
    }

    /// Its own flush stops the transmission; but everything has a response.
    fn drain(&mut self, offered: u64) {
        self.arrivals.wait_for(offered);
    }

    fn delivered(&self) -> Delivered {
        Delivered::Counted(self.arrivals.count())
    }
}

pub(crate) struct Calls {
    client: ManuallyDrop<Client<Transmission>>,
    with_ids: bool,
    throttle: Throttle,
}

impl Caller for Calls {
    fn call(&mut self, input: Input) {
        let began = Instant::now();
        let mut event = self.client.new_event();
        event.add_field("name", Value::from("call"));
        if self.with_ids {
            event.add_field(
                "trace.trace_id",
                json!(format!("{:032x}", fastrand::u128(..))),
            );
            event.add_field(
                "trace.span_id",
                json!(format!("{:016x}", fastrand::u64(..))),
            );
            event.add_field("service.name", json!("peers"));
        }
        event.add_field("user_id", json!(input.user_id));
        event.add_field("label", json!(input.label));
        let found = work(input.user_id, input.label);
        event.add_field("cache.hit", json!(found.cache_hit));
        event.add_field("total", json!(found.total));
        event.add_field("tier", json!(found.tier));
        event.add_field("duration_ms", json!(began.elapsed().as_secs_f64() * 1e3));
        // A refusal shows in what has been delivered.
        let _ = event.send(&mut self.client);
    }

    fn make_room(&mut self) {
        self.throttle.make_room();
    }
}
