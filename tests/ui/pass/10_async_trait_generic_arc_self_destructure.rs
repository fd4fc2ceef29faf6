#![deny(warnings)]

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

struct Point {
    x: u32,
    y: u32,
}

#[async_trait]
trait Store<K> {
    async fn put<V: Debug + Send + 'static>(self: Arc<Self>, key: K, value: V) -> u32
    where
        K: 'async_trait;
    async fn at(&self, point: Point, pair: (u32, u32)) -> u32;
}

struct Memory;

#[async_trait]
impl<K: Debug + Send + 'static> Store<K> for Memory {
    #[honey::event(fields(?key, ?value))]
    async fn put<V: Debug + Send + 'static>(self: Arc<Self>, key: K, value: V) -> u32
    where
        K: 'async_trait,
    {
        drop((key, value));
        1
    }

    #[honey::event(fields(px = point.x, py = point.y, first = pair.0))]
    async fn at(&self, point: Point, pair: (u32, u32)) -> u32 {
        let Point { x, y } = point;
        x + y + pair.1
    }
}

#[honey::event(fields(x, y, first, rest.len = rest.len()))]
async fn destructured(Point { x, y }: Point, [first, rest @ ..]: [u32; 3]) -> u32 {
    x + y + first + rest[0]
}

fn main() {
    assert_eq!(ready(Arc::new(Memory).put("key", 1)), 1);
    assert_eq!(ready(Store::<u32>::at(&Memory, Point { x: 1, y: 2 }, (3, 4))), 7);
    assert_eq!(ready(destructured(Point { x: 1, y: 2 }, [3, 4, 5])), 10);
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
