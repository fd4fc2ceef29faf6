#![deny(warnings)]

#[honey::event(fields(n))]
fn fibonacci(n: u32) -> u32 {
    if n < 2 { n } else { fibonacci(n - 1) + fibonacci(n - 2) }
}

#[honey::event(fields(n))]
async fn factorial(n: u32) -> u32 {
    if n == 0 { 1 } else { n * Box::pin(factorial(n - 1)).await }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(fibonacci(6), 8);
    assert_eq!(factorial(4).await, 24);
}
