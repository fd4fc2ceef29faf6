#![deny(warnings)]

#[honey::event]
#[must_use]
fn must_use() -> u32 {
    1
}

#[honey::event]
fn result() -> Result<u32, String> {
    result_too();
    Ok(1)
}

#[honey::event]
async fn result_too() -> Result<u32, String> {
    Ok(1)
}

fn main() {
    must_use();
    result();
}
