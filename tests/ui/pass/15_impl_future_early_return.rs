#![deny(warnings)]

use std::future::{ready as done, Future, Ready};

#[honey::event(fields(n))]
fn early(n: u32) -> impl Future<Output = Result<u32, String>> {
    if n == 0 {
        return done(Err("zero".to_owned()));
    }
    let half: Ready<Result<u32, String>> = done(Ok(n / 2));
    half
}

fn main() {
    assert_eq!(ready(early(4)), Ok(2));
    assert!(ready(early(0)).is_err());
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
