#![deny(warnings)]

#[honey::event]
#[tokio::main(flavor = "current_thread")]
async fn outside() -> Result<u32, String> {
    Ok(1)
}

#[tokio::main(flavor = "current_thread")]
#[honey::event]
async fn inside() -> Result<u32, String> {
    Ok(2)
}

fn main() {
    assert_eq!((outside(), inside()), (Ok(1), Ok(2)));
}
