#![deny(warnings)]

#[honey::event(fields(n))]
fn outer(n: u32) -> u32 {
    #[honey::event(fields(n))]
    fn inner(n: u32) -> u32 {
        n + 1
    }

    struct Local;

    impl Local {
        #[honey::event(err)]
        fn method(&self) -> Result<u32, String> {
            Ok(1)
        }
    }

    let closure = |n| inner(n);
    closure(n) + Local.method().unwrap_or_default()
}

#[honey::event]
async fn outer_later() -> u32 {
    #[honey::event]
    async fn inner() -> u32 {
        1
    }
    inner().await + inner().await
}

fn main() {
    assert_eq!(outer(1) + ready(outer_later()), 5);
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
