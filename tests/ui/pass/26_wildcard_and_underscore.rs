#![deny(warnings)]

#[honey::event(fields(n))]
fn wildcards(_: u32, _ignored: u32, n: u32, (_, _): (u32, u32)) -> u32 {
    n
}

#[honey::event(fields(n))]
async fn later(_: u32, _ignored: u32, n: u32) -> u32 {
    n
}

fn main() {
    assert_eq!(wildcards(1, 2, 3, (4, 5)) + ready(later(1, 2, 3)), 6);
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
