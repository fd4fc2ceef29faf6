#![deny(warnings)]

/// # Safety
/// None is needed.
#[honey::event(fields(n))]
async unsafe fn later(n: u32) -> u32 {
    n
}

fn main() {
    assert_eq!(ready(unsafe { later(1) }), 1);
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
