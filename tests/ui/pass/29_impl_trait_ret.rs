#![deny(warnings)]
#![allow(clippy::elidable_lifetime_names)]

use std::fmt::Display;

#[honey::event(ret)]
fn iterator(n: u32) -> impl honey::ToField + Display {
    n
}

#[honey::event(fields(n), ret(count = |it| it.clone().count()))]
fn numbers(n: u32) -> impl Iterator<Item = u32> + Clone {
    0..n
}

#[honey::event]
fn closure<'a>(text: &'a str) -> impl Fn(usize) -> Option<char> + 'a {
    move |at| text.chars().nth(at)
}

#[honey::event]
async fn later(n: u32) -> impl Iterator<Item = u32> {
    0..n
}

fn main() {
    assert_eq!(iterator(7).to_string(), "7");
    assert_eq!(numbers(2).count() + ready(later(3)).count(), 5);
    assert_eq!(closure("ab")(1), Some('b'));
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
