#![deny(warnings)]
#![forbid(unsafe_code)]

#[derive(honey::HoneyFields)]
struct Fields {
    a: u32,
}

#[honey::event(fields(..fields))]
async fn later(fields: Fields) -> Result<u32, String> {
    Ok(fields.a)
}

#[honey::dynamic_field]
fn one() -> u32 {
    1
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(later(Fields { a: 1 }).await, Ok(one()));
}
