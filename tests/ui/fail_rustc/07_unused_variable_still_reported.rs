#![deny(warnings)]

#[honey::event]
fn inline(n: u32, mut m: u32) -> u32 {
    m
}

#[honey::event]
fn called(n: u32, mut m: u32) -> Result<u32, String> {
    let unused = 1;
    Ok(m)
}

#[honey::event]
async fn later(n: u32, mut m: u32) -> u32 {
    m
}

fn main() {
    drop((inline(1, 2), called(1, 2), later(1, 2)));
}
