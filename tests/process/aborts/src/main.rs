//! A program that panics, and says on its standard output what it would have sent: `honey-aborts [captured]`.

use std::env;
use std::error::Error;
use std::io::stdout;
use std::time::Duration;

use honey::Config;
use honey::transmission::Writer;

/// Longer than any test: nothing is written before somebody waits for it.
const NEVER: Duration = Duration::from_hours(1);

fn main() -> Result<(), Box<dyn Error>> {
    let config = Config::new("")
        .dataset("aborts")
        .transmission(Writer::new(stdout()))
        .send_frequency(NEVER)
        .capture_panics(env::args().any(|argument| argument == "captured"));
    let _guard = honey::init(config)?;
    for number in 0..100 {
        job(number);
    }
    around();
    Ok(())
}

#[honey::event(fields(number))]
fn job(number: u32) {}

#[honey::event]
fn around() {
    fails(7);
}

#[honey::event(fields(order))]
fn fails(order: u64) {
    assert_eq!(order, 0, "no order {order}");
}
