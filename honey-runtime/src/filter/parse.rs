//! Reading a list of directives: `PATTERN=off`, `PATTERN=on`, `PATTERN=1/N`, with commas between them.

use std::fmt;

use super::{Directive, Pattern, Verdict};

/// A directive that cannot be read: where it stands, what is wrong, and what to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FilterError {
    /// Which character of the list, from 1.
    at: usize,
    problem: String,
}

impl FilterError {
    fn new(at: usize, problem: String) -> Self {
        Self { at, problem }
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}", self.at, self.problem)
    }
}

/// Appends what `list` says.
pub(super) fn directives(list: &str, out: &mut Vec<Directive>) -> Result<(), FilterError> {
    let mut at = 1;
    for piece in list.split(',') {
        if !piece.trim().is_empty() {
            out.push(directive(piece, at)?);
        }
        at += piece.chars().count() + 1;
    }
    Ok(())
}

/// One directive, which begins at the character `at` of its list.
fn directive(piece: &str, at: usize) -> Result<Directive, FilterError> {
    let blanks = |text: &str| text.chars().take_while(|c| c.is_whitespace()).count();
    let start = at + blanks(piece);
    let Some((pattern, action)) = piece.rsplit_once('=') else {
        return Err(FilterError::new(
            start,
            format!(
                "{:?} says nothing to do: write `NAME=off`, `NAME=on`, or `NAME=1/100` to keep 1 in 100",
                piece.trim()
            ),
        ));
    };
    if pattern.trim().is_empty() {
        return Err(FilterError::new(
            start,
            "there is no name before the `=`: write an event's name or a module, `*` for all"
                .to_owned(),
        ));
    }
    let action_at = at + pattern.chars().count() + 1 + blanks(action);
    Ok(Directive {
        pattern: Pattern::new(pattern.trim()),
        verdict: verdict(action.trim(), action_at)?,
    })
}

fn verdict(action: &str, at: usize) -> Result<Verdict, FilterError> {
    match action {
        "off" => return Ok(Verdict::Off),
        "on" => return Ok(Verdict::AsAnnotated),
        _ => {}
    }
    let rate = action
        .strip_prefix('1')
        .and_then(|rest| rest.trim_start().strip_prefix('/'))
        .and_then(|rate| rate.trim_start().parse().ok());
    match rate {
        Some(rate) if rate > 0 && rate < Verdict::OFF => Ok(Verdict::OneIn(rate)),
        _ => Err(FilterError::new(
            at,
            format!("{action:?} is no action: write `off`, `on`, or `1/100` to keep 1 in 100"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_is_placed_and_answered() {
        for (list, at, advice) in [
            ("db::*=of", 7, "`off`"),
            ("a=off, cache", 8, "NAME=off"),
            ("a=off,  =off", 9, "`*` for all"),
            ("é=1/0", 3, "1/100"),
            ("a=2/3", 3, "1/100"),
            ("a=1/4294967295", 3, "1/100"),
            ("a = ", 5, "`on`"),
            ("a=100", 3, "1/100"),
        ] {
            let mut read = Vec::new();
            let error = directives(list, &mut read).err();
            let text = error.as_ref().map(ToString::to_string).unwrap_or_default();
            assert_eq!(error.map(|error| error.at), Some(at), "{list:?}: {text}");
            assert!(text.contains(advice), "{list:?}: {text}");
        }
    }

    #[test]
    fn blanks_and_empty_pieces_do_not_matter() {
        let mut read = Vec::new();
        let result = directives(" , a = off ,GET /cart=1 / 20,, b=on,", &mut read);
        assert_eq!(result, Ok(()));
        let verdicts: Vec<_> = read.iter().map(|directive| directive.verdict).collect();
        assert_eq!(
            verdicts,
            [Verdict::Off, Verdict::OneIn(20), Verdict::AsAnnotated]
        );
    }
}
