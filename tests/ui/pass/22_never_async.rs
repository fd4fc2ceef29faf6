#![deny(warnings)]

use std::future::Future;
use std::task::{Context, Waker};

#[honey::event(fields(n))]
async fn forever(n: u32) -> ! {
    loop {
        std::future::pending::<u32>().await;
        std::hint::black_box(n);
    }
}

fn main() {
    let future = std::pin::pin!(forever(1));
    assert!(future.poll(&mut Context::from_waker(Waker::noop())).is_pending());
}
