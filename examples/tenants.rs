//! One program, many tenants: a Builder for each, with a dataset or key of its own; and a client of its own for the one that must
//! never share anything. Offline: it sends to a local Honeycomb.
//!
//! ```text
//! cargo run --example tenants
//! ```

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::io::{self, Write};
use std::time::Duration;

use honey::{Builder, Client, Config};
use honey_local::Server;

const TIMEOUT: Duration = Duration::from_secs(5);

#[honey::event(fields(order))]
fn ship(order: u64) {
    honey::current().add_field("parcels", order % 3 + 1);
}

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start()?;
    let config = || {
        Config::new("our-key")
            .api_host(server.url())
            .service_name("shipping")
    };
    let guard = honey::init(config().dataset("operations"))?;

    // A Builder for each tenant: made once, kept, and cheap to make events of. Each copies the global scope when it is made.
    let tenants: HashMap<&str, Builder> = ["acme", "globex"]
        .into_iter()
        .map(|tenant| {
            let mut builder = Builder::new();
            builder
                .add_field("tenant", tenant)
                .set_dataset(format!("tenant-{tenant}"));
            (tenant, builder)
        })
        .collect();
    // This one pays for its own Honeycomb team.
    let mut initech = Builder::new();
    initech
        .add_field("tenant", "initech")
        .set_dataset("shipping")
        .set_api_key("initechs-own-key");

    for (order, tenant) in [(17_u64, "acme"), (18, "globex"), (19, "acme")] {
        let mut event = tenants[tenant].new_event();
        event.add_field("order", order);
        event.send();
    }
    initech.send_now(&[("order", 20)]);

    // Annotated functions too, and nothing shared: its queue, its limits, its balance.
    let hooli = Client::new(config().dataset("hooli").max_pending_events(1_000))?;
    honey::with_client(&hooli, || {
        honey::global().add_field("tenant", "hooli");
        ship(21);
    });

    let mut out = io::stdout();
    writeln!(out, "hooli: {}", hooli.close(TIMEOUT))?;
    writeln!(out, "the rest: {}", guard.close(TIMEOUT))?;
    let mut by_dataset: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for event in server.events() {
        let orders = by_dataset
            .entry(event.dataset.as_str().to_owned())
            .or_default();
        orders.extend(event.u64("order"));
    }
    for (dataset, orders) in by_dataset {
        writeln!(out, "{dataset}: orders {orders:?}")?;
    }
    Ok(())
}
