#![deny(warnings)]

struct Opaque;

#[honey::event]
fn looked_at() -> Result<u32, Opaque> {
    Err(Opaque)
}

#[honey::event(err(with = describe), err(code = |_| 7))]
fn described() -> Result<u32, Opaque> {
    Err(Opaque)
}

fn describe(_: &Opaque) -> &'static str {
    "opaque"
}

#[honey::event]
async fn later<T>(value: T) -> Result<(), T> {
    Err(value)
}

fn main() {
    assert!(looked_at().is_err() && described().is_err() && ready(later(Opaque)).is_err());
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
