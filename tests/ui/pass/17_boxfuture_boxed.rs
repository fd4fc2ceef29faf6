#![deny(warnings)]

use std::future::Future;
use std::pin::Pin;

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
type LocalBoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

#[honey::event(err)]
fn sendable(n: &u32) -> BoxFuture<'_, Result<u32, String>> {
    Box::pin(async move { Ok(*n) })
}

#[honey::event]
fn local<'a>(n: &'a u32) -> LocalBoxFuture<'a, u32> {
    Box::pin(async move { *n })
}

#[honey::event(boxed, fields(n))]
async fn on_the_heap(n: u32) -> u32 {
    n
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

fn main() {
    assert_eq!(ready(assert_send(sendable(&1))), Ok(1));
    assert_eq!(ready(local(&2)) + ready(assert_send(on_the_heap(3))), 5);
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
