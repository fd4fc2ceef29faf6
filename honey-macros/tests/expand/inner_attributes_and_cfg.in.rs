#[honey::event(fields(a, b))]
fn inner(#[cfg(feature = "a")] a: u32, (b, _): (u32, u32), r#type: u32) {
    #![allow(unused)]
    //! Inner words.
    use std::fmt;
    fmt::format(format_args!("{a}"));
}
