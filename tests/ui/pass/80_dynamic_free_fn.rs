#![deny(warnings)]
#![allow(clippy::extra_unused_type_parameters)]

use honey::HoneyFields;

#[honey::dynamic_field(name = "process.threads")]
fn threads() -> u64 {
    1
}

#[honey::dynamic_field]
fn maybe() -> Option<&'static str> {
    None
}

#[honey::dynamic_field]
pub(crate) fn result() -> Result<f64, std::io::Error> {
    Ok(1.0)
}

#[derive(HoneyFields)]
struct Memory {
    rss_bytes: u64,
}

#[honey::dynamic_field(fields)]
fn memory() -> Option<Memory> {
    Some(Memory { rss_bytes: 1 })
}

mod nested {
    #[cfg(any())]
    #[honey::dynamic_field]
    fn absent() -> Missing {}

    #[honey::dynamic_field]
    #[cfg(any())]
    fn absent_too() -> Missing {}

    #[honey::dynamic_field]
    #[cfg_attr(all(), allow(clippy::unnecessary_wraps))]
    fn opaque() -> impl honey::ToField {
        1
    }
}

fn main() {
    fn in_a_body<T>() {
        #[honey::dynamic_field]
        fn nested() -> u32 {
            2
        }
    }
    in_a_body::<u32>();
    assert_eq!(threads() + u64::from(maybe().is_none()) + u64::from(result().is_ok()), 3);
    assert_eq!(memory().unwrap().rss_bytes, 1);
}
