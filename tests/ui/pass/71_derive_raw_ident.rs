#![deny(warnings)]

use honey::{HoneyFields, HoneyValue};

#[derive(HoneyFields)]
struct Raw<'a> {
    r#type: &'a str,
    #[honey(len)]
    r#match: Vec<u32>,
    #[honey(flatten, prefix = "in.")]
    r#in: r#Struct,
}

#[derive(HoneyFields)]
struct r#Struct {
    r#fn: u32,
}

#[derive(HoneyFields)]
#[honey(tag = "kind")]
enum Kind {
    #[allow(non_camel_case_types)]
    r#loop { r#while: u32 },
}

#[derive(HoneyValue)]
enum Word {
    #[allow(non_camel_case_types)]
    r#dyn,
}

fn main() {
    let raw = Raw { r#type: "a", r#match: vec![], r#in: r#Struct { r#fn: 1 } };
    honey::current().add(&raw);
    honey::current().add(&Kind::r#loop { r#while: 1 });
    honey::current().add_field("word", Word::r#dyn);
}
