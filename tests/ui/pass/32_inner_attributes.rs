#![deny(warnings)]

#[honey::event]
fn inner() -> u32 {
    #![allow(unused_variables)]
    //! Documented from the inside.
    let unused = 1;
    2
}

#[honey::event]
async fn inner_later() -> u32 {
    #![allow(unused_variables)]
    let unused = 1;
    2
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(inner() + inner_later().await, 4);
}
