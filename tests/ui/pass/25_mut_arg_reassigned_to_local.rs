#![deny(warnings)]

#[honey::event(fields(text))]
async fn later(mut text: &str) -> usize {
    let owned = format!("{text}!");
    text = &owned;
    text.len()
}

#[honey::event]
fn now(mut text: &str) -> Result<usize, ()> {
    let owned = format!("{text}!");
    text = &owned;
    Ok(text.len())
}

#[honey::event]
fn inline(mut text: &str) -> usize {
    let owned = format!("{text}!");
    text = &owned;
    text.len()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(later("ab").await + now("ab").unwrap() + inline("ab"), 9);
}
