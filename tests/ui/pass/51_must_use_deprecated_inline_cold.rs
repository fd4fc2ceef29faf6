#![deny(warnings)]

#[inline]
#[must_use]
#[honey::event]
fn must_use() -> u32 {
    1
}

/// Documented.
#[honey::event]
#[cold]
#[deprecated]
fn old() -> Result<u32, String> {
    Ok(1)
}

#[honey::event]
#[expect(unused_variables, reason = "the lint still works")]
fn unused(n: u32) -> Result<u32, ()> {
    Ok(1)
}

#[expect(dead_code, reason = "the lint still works")]
#[honey::event]
fn never_called() {}

fn main() {
    #[expect(deprecated)]
    let old = old();
    assert_eq!(must_use() + old.unwrap() + unused(1).unwrap(), 3);
}
