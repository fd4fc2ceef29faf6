#![deny(warnings)]

use async_trait::async_trait;

#[async_trait]
trait Fetch {
    async fn fetch(&self, url: &str) -> Result<usize, String>;

    #[honey::event(fields(url), err)]
    async fn fetch_twice(&self, url: &str) -> Result<usize, String> {
        Ok(self.fetch(url).await? + self.fetch(url).await?)
    }
}

struct Web;

#[async_trait]
impl Fetch for Web {
    #[honey::event(fields(url))]
    async fn fetch(&self, url: &str) -> Result<usize, String> {
        Ok(url.len())
    }
}

fn main() {
    assert_eq!(ready(Web.fetch_twice("abc")), Ok(6));
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
