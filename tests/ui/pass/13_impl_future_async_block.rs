#![deny(warnings)]
#![allow(clippy::elidable_lifetime_names)]

use std::future::{Future, ready};

#[honey::event(fields(id), err)]
fn async_block(id: u32) -> impl Future<Output = Result<u32, String>> + Send {
    let doubled = id * 2;
    async move {
        tokio::task::yield_now().await;
        if doubled > 10 { Err("large".to_owned()) } else { Ok(doubled) }
    }
}

#[honey::event]
fn tail_call(id: u32) -> impl Future<Output = Result<u32, String>> {
    async_block(id)
}

#[honey::event]
fn early_return(id: u32) -> impl Future<Output = u32> + Unpin {
    if id == 0 {
        return ready(1);
    }
    ready(id)
}

#[honey::event]
fn borrowing<'a>(text: &'a str) -> impl Future<Output = usize> + use<'a> {
    async move { text.len() }
}

#[honey::event(boxed)]
fn boxed(mut id: u32) -> impl Future<Output = u32> {
    id += 1;
    async move { id }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(tail_call(2).await, Ok(4));
    assert!(async_block(6).await.is_err());
    assert_eq!((early_return(0).await, early_return(2).await), (1, 2));
    assert_eq!(borrowing("abc").await, 3);
    assert_eq!(boxed(1).await, 2);
}
