//! Lengths of time in options: `"5ms"`.

use syn::parse::ParseStream;
use syn::{Expr, LitStr};

/// The text of the error.
const EXPECTED: &str = "expected a duration such as \"5ms\", \"1.5s\" or \"250us\"";

/// Units with their nanoseconds.
const UNITS: [(&str, f64); 5] = [
    ("ns", 1.0),
    ("us", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
];

/// The length of time that stands behind `=`, in nanoseconds: at least one.
pub(crate) fn parse_option(input: ParseStream) -> syn::Result<u64> {
    if !input.peek(LitStr) {
        return Err(syn::Error::new_spanned(input.parse::<Expr>()?, EXPECTED));
    }
    let literal: LitStr = input.parse()?;
    parse(&literal.value()).ok_or_else(|| syn::Error::new(literal.span(), EXPECTED))
}

fn parse(text: &str) -> Option<u64> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(unit_at);
    let (_, scale) = UNITS.iter().find(|(name, _)| *name == unit)?;
    let nanoseconds = (number.parse::<f64>().ok()? * scale).round();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range is checked"
    )]
    (1.0..1e18)
        .contains(&nanoseconds)
        .then_some(nanoseconds as u64)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn durations() {
        for (text, expected) in [
            ("5ms", Some(5_000_000)),
            ("1.5s", Some(1_500_000_000)),
            ("250us", Some(250_000)),
            ("3ns", Some(3)),
            ("2m", Some(120_000_000_000)),
            ("", None),
            ("5", None),
            ("ms", None),
            ("0s", None),
            ("-1s", None),
            ("1 s", None),
            ("1h", None),
            ("1.2.3s", None),
            ("99999999999s", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
