#![deny(warnings)]

use honey::HoneyFields;

#[derive(HoneyFields)]
struct Thing {
    r#type: u32,
}

#[honey::event(fields(r#type, r#match.r#fn = 1, ..r#struct))]
fn r#loop(r#type: u32, r#struct: &Thing) -> Result<u32, ()> {
    Ok(r#type + r#struct.r#type)
}

#[honey::event(bind = r#event, fields(type = r#type))]
async fn r#while(mut r#type: u32) -> u32 {
    let _ = r#event;
    r#type += 1;
    r#type
}

#[honey::dynamic_field]
fn r#static() -> u32 {
    1
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(r#loop(1, &Thing { r#type: 2 }), Ok(3));
    assert_eq!(r#while(1).await + r#static(), 3);
}
