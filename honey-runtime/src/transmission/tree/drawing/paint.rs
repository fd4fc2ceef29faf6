//! Colour, when asked for.

use super::Color;

/// What a piece of text is, for whoever reads colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Heading,
    Faint,
    Good,
    Bad,
    Odd,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Paint(Color);

impl Paint {
    pub(super) fn new(color: Color) -> Self {
        Self(color)
    }

    pub(super) fn text(self, style: Style, text: &str) -> String {
        let code = match style {
            _ if self.0 == Color::Never || text.is_empty() => return text.to_owned(),
            Style::Plain => return text.to_owned(),
            Style::Heading => "1",
            Style::Faint => "2",
            Style::Good => "32",
            Style::Bad => "1;31",
            Style::Odd => "33",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}
