#![deny(warnings)]

#[honey::event]
fn nothing() {}

#[honey::event]
fn value(a: u32, b: u32) -> u32 {
    if a > b {
        return a;
    }
    b
}

#[honey::event()]
fn one_expression() -> u32 {
    7
}

#[honey::event(name = "named")]
pub fn named() {}

const NAME: &str = "from a constant";

#[honey::event(name = NAME)]
pub(crate) fn named_by_path() {}

fn main() {
    nothing();
    named();
    named_by_path();
    assert_eq!(value(1, 2) + one_expression(), 9);
}
