#![deny(warnings)]

#[honey::event]
fn stop(code: i32) -> ! {
    std::process::exit(code)
}

#[honey::event]
async fn stop_later(code: i32) -> ! {
    tokio::task::yield_now().await;
    stop(code)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    stop_later(0).await;
}
