#![deny(warnings)]
#![allow(clippy::future_not_send)]

use std::rc::Rc;

#[honey::event(bind = event)]
async fn bound(text: String) -> usize {
    std::future::ready(()).await;
    event.add_field("len", text.len());
    text.len()
}

#[honey::event(fields(text))]
async fn owned(text: String) -> usize {
    std::future::ready(()).await;
    text.len()
}

#[honey::event]
async fn not_send(value: Rc<u32>) -> u32 {
    tokio::task::yield_now().await;
    *value
}

fn assert_auto_traits<T: Send + Sync + std::panic::UnwindSafe + 'static>(value: T) -> T {
    value
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let task = tokio::spawn(assert_auto_traits(owned("abc".to_owned())));
    assert_eq!(task.await.unwrap(), 3);
    assert_eq!(assert_auto_traits(bound("ab".to_owned())).await, 2);
    assert_eq!(not_send(Rc::new(1)).await, 1);
}
