#![deny(warnings)]

use std::io;

type Result<T> = std::result::Result<T, Failed>;
type Answer = std::result::Result<u32, Failed>;

#[derive(Debug)]
struct Failed;

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("failed")
    }
}

#[honey::event(err)]
fn aliased(n: u32) -> Result<u32> {
    if n == 0 { Err(Failed) } else { Ok(n) }
}

#[honey::event(err, ok(n = |n| *n))]
fn named_otherwise(n: u32) -> Answer {
    aliased(n)
}

#[honey::event(err)]
fn of_std() -> io::Result<()> {
    Ok(())
}

#[honey::event(err)]
async fn later(n: u32) -> Result<u32> {
    aliased(n)
}

fn main() {
    assert!(aliased(0).is_err() && named_otherwise(1).is_ok() && of_std().is_ok());
    assert!(ready(later(1)).is_ok());
}

fn ready<F: std::future::Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    loop {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
}
