#![deny(warnings)]

#[honey::event(fields(text))]
async fn later(mut text: &str) -> usize {
    let owned = format!("{text}!");
    text = &owned;
    text.len()
}

// A plain `fn` cannot do that, and so does not have to here; but it can assign.
#[honey::event]
fn now<'a>(mut text: &'a str, other: &'a str) -> Result<usize, ()> {
    if text.is_empty() {
        text = other;
    }
    Ok(text.len())
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(later("ab").await + now("", "ab").unwrap(), 5);
}
