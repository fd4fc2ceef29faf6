#![deny(warnings)]

use std::error::Error;
use std::fmt::Display;

#[honey::event(err)]
fn opaque_error(n: u32) -> Result<u32, impl Error> {
    if n == 0 { Err(std::fmt::Error) } else { Ok(n) }
}

#[honey::event(err)]
fn opaque_both(n: u32) -> Result<impl Display, impl Display> {
    if n == 0 { Err("zero") } else { Ok(n) }
}

#[honey::event(err(debug))]
async fn later(n: u32) -> Result<Vec<u32>, impl Error> {
    if n == 0 {
        return Err(std::fmt::Error);
    }
    Ok(vec![n])
}

fn main() {
    assert!(opaque_error(1).is_ok() && opaque_both(0).is_err());
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
