//! Events by hand, the way libhoney makes them: Builder, Event, metadata, responses. Offline: it sends to a local Honeycomb.
//!
//! ```text
//! cargo run --example manual_events
//! ```

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use honey::{Builder, Config, Event};
use honey_local::Server;

const TIMEOUT: Duration = Duration::from_secs(5);

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start()?;
    let config = Config::new("any-key")
        .api_host(server.url())
        .dataset("kitchen");
    let guard = honey::init(config)?;
    // From here on each event leaves a response. Before somebody asks, none is built.
    let responses = honey::responses();

    // Global, then Builder, then the event itself: the later value wins.
    honey::global().add_field("host.name", "kettle-1");
    let mut brewing = Builder::new();
    brewing
        .add_field("component", "brewing")
        .add_field("tea", "unknown");

    for (order, tea) in [(17_u32, "sencha"), (18, "assam")] {
        let mut event = brewing.new_event();
        event.add_field("tea", tea);
        // Not sent: it comes back with the response.
        event.add_metadata("order", order);
        {
            let _timer = event.timer("steep_ms");
            thread::sleep(Duration::from_millis(5));
        }
        event.send();
    }

    // To another dataset, with a map as its fields, at once.
    brewing
        .clone()
        .set_dataset("kitchen-stock")
        .send_now(&BTreeMap::from([("cups", 3)]));

    // Sampled: 1 in 4 is sent, and the server knows that it stands for four. This one was picked by the caller.
    let mut kept = Event::new();
    kept.add_field("picked", true);
    kept.set_sample_rate(4);
    kept.send_presampled();

    // Dropped instead of sent: discarded, and counted as that.
    let mut forgotten = Event::new();
    forgotten.add_field("tea", "cold");
    drop(forgotten);

    let settled = honey::flush(TIMEOUT);
    let mut out = io::stdout();
    writeln!(out, "all have their outcome: {settled}")?;
    for response in responses {
        let order = response.metadata::<u32>("order");
        writeln!(
            out,
            "{:?}, status {:?}, order {order:?}",
            response.outcome, response.status
        )?;
    }
    writeln!(out, "{}", guard.close(TIMEOUT))?;
    for event in server.events() {
        let data = serde_json::to_string(&*event.data)?;
        writeln!(out, "{:?} ×{} {data}", event.dataset, event.sample_rate)?;
    }
    Ok(())
}
