#[honey::event]
fn plain() {
    work();
}

/// Documented.
#[honey::event(name = "add", fields(a, %b, ?c, sum = a + 1, "quoted-key" = %b, user.id = c.id))]
pub(crate) fn add(a: u32, b: &str, mut c: Thing) -> u32 {
    c.touch();
    a + 1
}
