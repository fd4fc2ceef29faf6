#![deny(warnings)]

use std::future::{Future, Ready, ready};
use std::pin::Pin;

type Later<T> = Pin<Box<dyn Future<Output = T>>>;

#[honey::event]
fn alias() -> Later<u32> {
    Box::pin(ready(1))
}

#[honey::event]
fn own_type() -> Ready<u32> {
    ready(1)
}

fn main() {
    drop((alias(), own_type()));
}
