#[honey::event(err)]
fn load<'a, T: Copy>(mut key: &'a str, extra: T) -> Result<&'a str, Error> {
    key = key.trim();
    Ok(key)
}

#[honey::event]
fn opaque(n: u32) -> Result<impl Iterator<Item = u32>, Error> {
    Ok(0..n)
}
