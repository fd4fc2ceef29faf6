//! What the shop does besides: plain threads, and events made by hand. No runtime is needed here.

use std::thread;
use std::time::Duration;

use crate::order::Sku;

/// Threads work inside the event that was open where they were started, if they are told so.
#[honey::event(fields(shelves))]
pub(crate) fn restock(shelves: u64) {
    let event = honey::current();
    thread::scope(|threads| {
        for shelf in 0..shelves {
            threads.spawn(move || honey::scope(event, || count_shelf(shelf)));
        }
    });
}

#[honey::event(name = "count shelf", fields(shelf), ret(missing = |missing| *missing))]
fn count_shelf(shelf: u64) -> i64 {
    thread::sleep(Duration::from_millis(20 + 10 * shelf));
    let missing = if shelf == 0 { 2 } else { 5 };
    honey::root().incr("missing", missing);
    missing
}

/// Events as libhoney makes them: a Builder has what they share, each event adds its own, and `send` takes it.
pub(crate) fn change_prices(prices: &[(Sku, f64)]) {
    let mut change = honey::Builder::new();
    change.add_field("name", "price change");
    change.add_field("changed_by", "night shift");
    for (sku, price) in prices {
        let mut event = change.new_event();
        event.add_field("sku", honey::display(sku));
        event.add_field("price_usd", *price);
        event.send();
    }
}
