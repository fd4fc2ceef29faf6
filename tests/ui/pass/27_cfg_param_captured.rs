#![deny(warnings)]
#![allow(clippy::non_minimal_cfg)]

#[honey::event(fields(a, b))]
fn with_cfg(#[cfg(any())] a: u32, #[cfg(all())] b: u32) -> u32 {
    b
}

#[honey::event(fields(b))]
async fn later_with_cfg(#[cfg(any())] mut a: u32, #[cfg(all())] mut b: u32) -> u32 {
    b += 1;
    b
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(with_cfg(1) + later_with_cfg(1).await, 3);
}
