//! Patterns of event names and modules, in which `*` stands for any text.

/// One pattern.
#[derive(Debug)]
pub(super) struct Pattern {
    text: String,
    /// The same as a module: everything below it.
    below: String,
}

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            below: format!("{text}::*"),
        }
    }

    /// Whether it is the event's name, its module with its name, or a module around it.
    pub(super) fn fits(&self, name: &str, path: &str) -> bool {
        matches(&self.text, name) || matches(&self.text, path) || matches(&self.below, path)
    }
}

/// Compares in time linear in the product of the lengths, whatever the pattern is.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut in_text) = (0, 0);
    // The last `*`, and how much of the text it stands for so far.
    let mut star = None;
    while in_text < text.len() {
        if pattern.get(at) == Some(&b'*') {
            star = Some((at, in_text));
            at += 1;
        } else if pattern.get(at) == text.get(in_text) {
            at += 1;
            in_text += 1;
        } else if let Some((star_at, taken)) = star {
            at = star_at + 1;
            in_text = taken + 1;
            star = Some((star_at, in_text));
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("*", "anything::at all", true),
            ("a*c", "abc", true),
            ("a*c", "abcb", false),
            ("*ab", "aab", true),
            ("a*b*c", "a--b--b--c", true),
            ("**x", "yx", true),
            ("é*", "été", true),
            ("a*", "b", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
