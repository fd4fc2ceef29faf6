#![deny(warnings)]

use async_trait::async_trait;

#[async_trait]
trait Store {
    async fn get(&self, key: &str) -> Result<u32, String>;

    #[honey::event(fields(key))]
    async fn get_twice(&self, key: &str) -> Result<u32, String>
    where
        Self: Sync,
    {
        Ok(self.get(key).await? + self.get(key).await?)
    }
}

struct Fixed(u32);

#[async_trait]
impl Store for Fixed {
    #[honey::event(fields(key), err)]
    async fn get(&self, key: &str) -> Result<u32, String> {
        if key.is_empty() {
            return Err("no key".to_owned());
        }
        tokio::task::yield_now().await;
        Ok(self.0)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let store: Box<dyn Store + Sync> = Box::new(Fixed(2));
    assert_eq!(store.get("a").await, Ok(2));
    assert!(store.get("").await.is_err());
    assert_eq!(store.get_twice("a").await, Ok(4));
}
