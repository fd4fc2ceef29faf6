#![deny(warnings)]

mod names {
    #[allow(dead_code)]
    pub struct Event;
    #[allow(dead_code)]
    pub struct Started;
    #[allow(dead_code)]
    pub struct Callsite;
    #[allow(non_camel_case_types, dead_code)]
    pub struct u32;
    #[allow(dead_code)]
    pub enum Value {
        None,
    }
}

#[allow(unused_imports)]
use names::*;

#[honey::event(fields(n), ret)]
fn shadowed(n: i64) -> i64 {
    n
}

#[honey::event(fields(n), err)]
async fn later(n: i64) -> Result<i64, String> {
    Ok(n)
}

#[derive(honey::HoneyFields)]
struct Fields {
    n: i64,
    missing: Option<i64>,
}

fn main() {
    let fields = Fields { n: 1, missing: None };
    honey::current().add(&fields);
    assert_eq!(shadowed(fields.n) + ready(later(2)).unwrap(), 3);
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
