#![deny(warnings)]
#![allow(dead_code, non_camel_case_types)]
#![no_implicit_prelude]

mod std {}
mod core {}

struct Result;
struct Option;
struct Box;
struct Some;
struct Ok;
struct bool;
trait Into {}
trait Default {}
trait Future {}

#[derive(::honey::HoneyFields)]
struct Fields {
    #[honey(display)]
    shown: ::std::option::Option<u32>,
    #[honey(skip_if = ::std::vec::Vec::is_empty, len)]
    list: ::std::vec::Vec<u32>,
    #[honey(unit = ms)]
    took: ::std::time::Duration,
}

#[::honey::event(fields(n, ..fields), err, sample = 2, dataset = "other", when = n > 0)]
fn now(n: u32, fields: &Fields) -> ::std::result::Result<u32, u32> {
    ::std::result::Result::Ok(n)
}

#[::honey::event(fields(n), err)]
async fn later(n: u32) -> ::std::result::Result<u32, u32> {
    ::std::result::Result::Ok(n)
}

#[::honey::event]
fn boxed(n: u32) -> ::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = u32>>> {
    ::std::boxed::Box::pin(async move { n })
}

#[::honey::dynamic_field]
fn one() -> u32 {
    1
}

fn main() {
    let fields = Fields {
        shown: ::std::option::Option::None,
        list: ::std::vec::Vec::new(),
        took: ::std::time::Duration::ZERO,
    };
    ::std::assert!(::std::matches!(now(1, &fields), ::std::result::Result::Ok(1)));
    ::std::mem::drop((later(1), boxed(1), one()));
}
