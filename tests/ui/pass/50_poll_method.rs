#![deny(warnings)]

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

struct Ready(u32);

impl Future for Ready {
    type Output = u32;

    #[honey::event(fields(value = self.0))]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u32> {
        Poll::Ready(self.0)
    }
}

impl Iterator for Ready {
    type Item = Result<u32, String>;

    #[honey::event]
    fn next(&mut self) -> Option<Self::Item> {
        self.0 += 1;
        Some(Ok(self.0))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(Ready(1).await, 1);
    assert_eq!(Ready(1).next(), Some(Ok(2)));
}
