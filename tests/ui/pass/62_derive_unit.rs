#![deny(warnings)]

use honey::HoneyFields;

#[derive(HoneyFields)]
struct Unit;

#[derive(HoneyFields)]
struct Braces {}

#[derive(HoneyFields)]
struct Parentheses();

fn main() {
    honey::current().add(&(Unit, Braces {}, Parentheses()));
}
