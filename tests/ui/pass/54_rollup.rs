#![deny(warnings)]

use std::future::Future;

const NAME: &str = "cache.get";

#[honey::event(rollup)]
fn plain(n: u32) -> u32 {
    n
}

#[honey::event(rollup, name = NAME, err(debug))]
fn fallible<T: Copy>(value: T) -> Result<T, String> {
    Ok(value)
}

#[honey::event(rollup, when = wanted, err)]
async fn asynchronous(wanted: bool) -> Result<bool, std::fmt::Error> {
    Ok(wanted)
}

#[honey::event(rollup, boxed)]
fn future(n: &u32) -> impl Future<Output = u32> + Send + use<'_> {
    async move { *n }
}

#[honey::event(rollup)]
fn never() -> ! {
    std::process::exit(0)
}

struct Cache;

impl Cache {
    #[honey::event(rollup, err(why = |e| e.len()), prefix = "p.")]
    fn get(&mut self) -> Result<&mut Self, String> {
        Ok(self)
    }
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

fn main() {
    assert_eq!(plain(1), 1);
    assert!(fallible(1).is_ok() && Cache.get().is_ok());
    drop(assert_send(asynchronous(true)));
    drop(assert_send(future(&1)));
    never()
}
