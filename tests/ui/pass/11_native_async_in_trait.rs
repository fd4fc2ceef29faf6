#![deny(warnings)]

use std::future::Future;

trait Loader {
    fn load(&self, id: u32) -> impl Future<Output = Option<u32>> + Send;

    #[honey::event]
    fn load_default(&self) -> impl Future<Output = Option<u32>> + Send
    where
        Self: Sync,
    {
        self.load(0)
    }
}

struct Plus(u32);

impl Loader for Plus {
    #[honey::event(fields(id))]
    async fn load(&self, id: u32) -> Option<u32> {
        self.0.checked_add(id)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(Plus(1).load(2).await, Some(3));
    assert_eq!(Plus(1).load_default().await, Some(1));
}
