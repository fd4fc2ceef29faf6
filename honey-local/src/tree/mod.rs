//! x
use crate::Event;
/// x
#[derive(Default)]
pub struct TreeOptions;
/// x
#[must_use]
pub fn render(_: &[Event], _: &TreeOptions) -> String {
    String::new()
}
