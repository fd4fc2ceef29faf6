#![deny(warnings)]

use std::borrow::Cow;

#[honey::dynamic_field]
fn maybe() -> Option<u64> {
    None
}

#[honey::dynamic_field(name = "checked.value")]
fn checked() -> Result<String, std::io::Error> {
    Ok(String::new())
}

#[honey::dynamic_field]
fn both() -> Result<Option<f64>, String> {
    Ok(Some(0.5))
}

#[honey::dynamic_field]
fn text() -> Cow<'static, str> {
    Cow::Borrowed("a")
}

fn main() {
    assert!(maybe().is_none() && checked().is_ok() && both().is_ok() && text() == "a");
    let names: Vec<_> = honey::dynamic_fields().iter().map(|field| field.name()).collect();
    assert_eq!(names, ["both", "checked.value", "maybe", "text"]);
}
