#![deny(warnings)]

use std::pin::Pin;
use std::task::{Context, Poll};

trait Stream {
    type Item;
    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>>;
}

struct Counting(u32);

impl Stream for Counting {
    type Item = u32;

    #[honey::event]
    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u32>> {
        self.0 += 1;
        Poll::Ready(Some(self.0))
    }
}

#[honey::event]
fn stream() -> impl Stream<Item = u32> {
    Counting(0)
}

#[honey::event]
fn boxed<'a>() -> Pin<Box<dyn Stream<Item = u32> + Send + 'a>> {
    Box::pin(Counting(0))
}

fn main() {
    let mut context = Context::from_waker(std::task::Waker::noop());
    let mut streams: [Pin<Box<dyn Stream<Item = u32>>>; 2] = [Box::pin(stream()), boxed()];
    for stream in &mut streams {
        assert_eq!(stream.as_mut().poll_next(&mut context), Poll::Ready(Some(1)));
    }
}
