#![deny(warnings)]

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type Later<T> = Pin<Box<dyn Future<Output = T>>>;

static CALLS: AtomicU32 = AtomicU32::new(0);

#[honey::event(fields(id))]
fn pinned_box<'a>(id: &'a u32) -> Pin<Box<dyn Future<Output = u32> + Send + 'a>> {
    CALLS.fetch_add(1, Ordering::Relaxed);
    Box::pin(async move { *id })
}

#[honey::event]
fn by_alias(id: u32) -> BoxFuture<'static, Result<u32, String>> {
    CALLS.fetch_add(1, Ordering::Relaxed);
    if id == 0 {
        return Box::pin(async { Err("zero".to_owned()) });
    }
    Box::pin(async move { Ok(id) })
}

#[honey::event(future)]
fn by_other_alias(id: u32) -> Later<u32> {
    Box::pin(async move { id })
}

#[honey::event(sync)]
fn only_made(id: u32) -> Later<u32> {
    Box::pin(async move { id })
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(pinned_box(&1).await, 1);
    assert_eq!(by_alias(1).await, Ok(1));
    assert!(by_alias(0).await.is_err());
    assert_eq!(CALLS.load(Ordering::Relaxed), 3);
    assert_eq!(by_other_alias(4).await + only_made(1).await, 5);
}
