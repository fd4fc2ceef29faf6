#![deny(warnings)]
#![allow(clippy::use_self, clippy::many_single_char_names, clippy::ptr_arg, clippy::manual_is_multiple_of)]

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

use honey::HoneyFields;

fn is_zero(n: &u32) -> bool {
    *n == 0
}

fn shout(text: &String) -> String {
    text.to_uppercase()
}

mod predicates {
    pub fn is_even(n: &u32) -> bool {
        n % 2 == 0
    }
}

#[derive(HoneyFields)]
#[honey(rename_all = "camelCase")]
struct All {
    #[honey(skip_if = is_zero)]
    retry_count: u32,
    #[honey(skip_if = predicates::is_even, rename = "odd")]
    odd_count: u32,
    #[honey(display)]
    address: Ipv4Addr,
    #[honey(display)]
    maybe_address: Option<Ipv4Addr>,
    #[honey(debug, skip_if = Vec::is_empty)]
    list: Vec<u32>,
    #[honey(with = shout)]
    word: String,
    #[honey(len)]
    items: Vec<Duration>,
    #[honey(len)]
    maybe_items: Option<Vec<u32>>,
    #[honey(json)]
    map: BTreeMap<String, u32>,
    #[honey(json)]
    maybe_map: Option<BTreeMap<String, u32>>,
    #[honey(unit = ns)]
    in_ns: Duration,
    #[honey(unit = us)]
    in_us: Duration,
    #[honey(unit = ms)]
    in_ms: Option<Duration>,
    #[honey(unit = s, rename = "seconds")]
    in_s: Duration,
    #[honey(unit = bytes)]
    body: usize,
    #[honey(flatten)]
    more: Option<More>,
    #[honey(flatten, prefix = "deep.")]
    deep: Box<More>,
}

#[derive(Default, HoneyFields)]
#[honey(allow_reserved)]
struct More {
    duration_ms: f64,
    #[honey(flatten, prefix = "next.")]
    next: Option<Box<More>>,
}

#[honey::event(fields(..all))]
fn run(all: &All) -> u32 {
    all.retry_count + all.odd_count
}

fn main() {
    let all = All {
        retry_count: 0,
        odd_count: 1,
        address: Ipv4Addr::LOCALHOST,
        maybe_address: None,
        list: vec![1],
        word: "word".to_owned(),
        items: Vec::new(),
        maybe_items: None,
        map: BTreeMap::new(),
        maybe_map: None,
        in_ns: Duration::ZERO,
        in_us: Duration::ZERO,
        in_ms: None,
        in_s: Duration::ZERO,
        body: 1,
        more: None,
        deep: Box::default(),
    };
    assert_eq!(run(&all), 1);
}
