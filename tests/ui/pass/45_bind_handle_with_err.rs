#![deny(warnings)]

#[honey::event(bind = event, err)]
fn now(n: u32) -> Result<u32, String> {
    event.add_field("n", n);
    Ok(n)
}

#[honey::event(bind = event)]
fn inline(n: u32) -> u32 {
    event.add_field("n", n);
    n
}

#[honey::event(bind = event)]
async fn later(n: u32) -> u32 {
    tokio::task::yield_now().await;
    event.add_field("n", n);
    n
}

#[honey::event(bind = event)]
fn future(n: u32) -> impl Future<Output = u32> {
    async move {
        event.add_field("n", n);
        n
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(now(1).unwrap() + inline(1) + later(1).await + future(1).await, 4);
}
