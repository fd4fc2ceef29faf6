#![deny(warnings)]

#[derive(Debug, PartialEq)]
struct Wrong(u32);

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "wrong: {}", self.0)
    }
}

#[honey::event(fields(n), err)]
async fn halve(n: u32) -> Result<u32, Wrong> {
    tokio::task::yield_now().await;
    if n % 2 == 1 {
        return Err(Wrong(n));
    }
    Ok(n / 2)
}

#[honey::event]
async fn unit() {
    halve(2).await.unwrap();
}

#[honey::event]
async fn question_mark(n: u32) -> Result<u32, Wrong> {
    let half = halve(n).await?;
    halve(half).await
}

struct Service(u32);

impl Service {
    #[honey::event(fields(by), boxed)]
    async fn add(&mut self, by: u32) -> &mut Self {
        self.0 += by;
        self
    }

    #[honey::event]
    async fn finish(mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    unit().await;
    assert_eq!(question_mark(8).await, Ok(2));
    assert_eq!(question_mark(6).await, Err(Wrong(3)));
    let mut service = Service(1);
    service.add(1).await.add(2).await;
    assert_eq!(service.finish().await, 5);
}
