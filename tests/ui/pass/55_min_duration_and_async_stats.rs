#![deny(warnings)]

use std::future::Future;
use std::pin::Pin;

#[honey::event(min_duration = "1.5s", fields(n))]
fn sync(n: u32) -> Result<u32, String> {
    Ok(n)
}

#[honey::event(async_stats, min_duration = "250us", fields(n), bind = event)]
async fn asynchronous(n: &u32) -> u32 {
    event.add_field("bound", true);
    *n
}

#[honey::event(async_stats, boxed)]
async fn boxed<T: Send>(value: T) -> T {
    value
}

#[honey::event(async_stats)]
fn opaque(n: &u32) -> impl Future<Output = u32> + Send {
    async move { *n }
}

#[honey::event(async_stats)]
fn pinned<'a>(n: &'a u32) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
    Box::pin(async move { *n })
}

fn assert_send<T: Send>(value: T) {
    drop(value);
}

fn main() {
    assert_eq!(sync(1), Ok(1));
    assert_send(asynchronous(&1));
    assert_send(boxed(1));
    assert_send(opaque(&1));
    assert_send(pinned(&1));
}
