use std::future::Future;
use std::pin::Pin;

#[honey::event(err)]
fn run() -> Pin<Box<dyn Future<Output = (u32, String)>>> {
    Box::pin(async { (1, String::new()) })
}

fn main() {
    drop(run());
}
