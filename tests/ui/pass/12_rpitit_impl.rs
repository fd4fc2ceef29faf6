#![deny(warnings)]

use std::future::Future;

trait Fetch {
    fn fetch(&self, url: &str) -> impl Future<Output = Result<usize, String>> + Send;
    fn names(&self) -> impl Iterator<Item = u32>;
}

struct Web;

impl Fetch for Web {
    #[honey::event(fields(url), err)]
    fn fetch(&self, url: &str) -> impl Future<Output = Result<usize, String>> + Send {
        let len = url.len();
        async move { Ok(len) }
    }

    #[honey::event]
    fn names(&self) -> impl Iterator<Item = u32> {
        0..3
    }
}

fn main() {
    assert_eq!(ready(Web.fetch("abc")), Ok(3));
    assert_eq!(Web.names().count(), 3);
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
