#![deny(warnings)]

use std::future::Future;

async fn inner(n: u32) -> u32 {
    n
}

#[honey::event(fields(n))]
fn tail(n: u32) -> impl Future<Output = u32> {
    inner(n)
}

#[honey::event(fields(n))]
fn chosen(n: u32) -> impl Future<Output = u32> + Send {
    if n == 0 { inner(1) } else { inner(n) }
}

fn main() {
    assert_eq!(ready(tail(1)) + ready(chosen(0)), 2);
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
