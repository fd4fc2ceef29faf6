#![deny(warnings)]

use std::fmt::{Debug, Display};

#[honey::event(fields(%shown))]
fn argument(shown: impl Display, run: impl FnOnce() -> u32) -> u32 {
    drop(shown);
    run()
}

#[honey::event]
fn returned(n: u32) -> impl Iterator<Item = u32> {
    0..n
}

#[honey::event]
fn in_result(n: u32) -> Result<impl Iterator<Item = u32> + Debug, String> {
    if n == 0 {
        return Err("zero".into());
    }
    Ok(0..n)
}

#[honey::event(err)]
fn opaque_error(n: u32) -> Result<u32, impl Display> {
    if n == 0 { Err("zero") } else { Ok(n) }
}

#[honey::event]
async fn later(n: u32) -> impl Iterator<Item = u32> {
    0..n
}

#[honey::event]
async fn later_in_result(n: u32) -> Result<impl Iterator<Item = u32>, String> {
    if n == 0 {
        return Err("zero".into());
    }
    Ok(0..n)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(argument("x", || 1), 1);
    assert_eq!(returned(2).count() + in_result(2).unwrap().count(), 4);
    assert!(opaque_error(0).is_err());
    assert_eq!(later(2).await.count() + later_in_result(1).await.unwrap().count(), 3);
}
