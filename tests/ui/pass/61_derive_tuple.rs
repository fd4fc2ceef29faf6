#![deny(warnings)]

use honey::HoneyFields;

#[derive(HoneyFields)]
struct Pair(#[honey(rename = "left")] u32, #[honey(rename = "right")] &'static str);

#[derive(HoneyFields)]
struct Wrapper(#[honey(flatten)] Pair);

#[derive(HoneyFields)]
struct Generic<T>(#[honey(rename = "value")] T, #[honey(skip)] NotAField);

struct NotAField;

fn main() {
    honey::current().add(&Wrapper(Pair(1, "a")));
    let generic = Generic(1.5, NotAField);
    honey::current().add(&generic);
    let NotAField = generic.1;
}
