//! `rename_all`: serde's eight rules.

/// How a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

const RULES: [(&str, Case); 8] = [
    ("lowercase", Case::Lower),
    ("UPPERCASE", Case::Upper),
    ("PascalCase", Case::Pascal),
    ("camelCase", Case::Camel),
    ("snake_case", Case::Snake),
    ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
    ("kebab-case", Case::Kebab),
    ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
];

impl Case {
    /// The text of the error is the `Err`.
    pub(crate) fn parse(rule: &str) -> Result<Self, String> {
        let found = RULES.iter().find(|(name, _)| *name == rule);
        found.map(|(_, case)| *case).ok_or_else(|| {
            let names: Vec<String> = RULES
                .iter()
                .map(|(name, _)| format!("\"{name}\""))
                .collect();
            format!(
                "unknown rename rule \"{rule}\"; expected one of {}",
                names.join(", ")
            )
        })
    }

    /// A field's name, which is in `snake_case` by convention.
    pub(crate) fn of_field(self, name: &str) -> String {
        match self {
            Self::Lower | Self::Snake => name.to_owned(),
            Self::Upper | Self::ScreamingSnake => name.to_ascii_uppercase(),
            Self::Pascal => name.split('_').map(capitalized).collect(),
            Self::Camel => uncapitalized(&Self::Pascal.of_field(name)),
            Self::Kebab => name.replace('_', "-"),
            Self::ScreamingKebab => Self::ScreamingSnake.of_field(name).replace('_', "-"),
        }
    }

    /// A variant's name, which is in `PascalCase` by convention.
    pub(crate) fn of_variant(self, name: &str) -> String {
        match self {
            Self::Pascal => name.to_owned(),
            Self::Lower => name.to_ascii_lowercase(),
            Self::Upper => name.to_ascii_uppercase(),
            Self::Camel => uncapitalized(name),
            Self::Snake => snake(name),
            Self::ScreamingSnake => snake(name).to_ascii_uppercase(),
            Self::Kebab => snake(name).replace('_', "-"),
            Self::ScreamingKebab => snake(name).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn capitalized(word: &str) -> String {
    change_first(word, |first| first.to_ascii_uppercase())
}

fn uncapitalized(word: &str) -> String {
    change_first(word, |first| first.to_ascii_lowercase())
}

fn change_first(word: &str, change: impl FnOnce(char) -> char) -> String {
    let mut chars = word.chars();
    chars.next().map(change).into_iter().chain(chars).collect()
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (index, c) in name.char_indices() {
        if index > 0 && c.is_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::{Case, RULES};

    #[test]
    fn fields_and_variants_by_every_rule() {
        let expected = [
            // Fields keep their underscores here, as in serde.
            ("user_id", "userid"),
            ("USER_ID", "USERID"),
            ("UserId", "UserId"),
            ("userId", "userId"),
            ("user_id", "user_id"),
            ("USER_ID", "USER_ID"),
            ("user-id", "user-id"),
            ("USER-ID", "USER-ID"),
        ];
        for ((rule, case), (field, variant)) in RULES.into_iter().zip(expected) {
            assert_eq!(Case::parse(rule), Ok(case));
            assert_eq!(case.of_field("user_id"), field, "{rule}");
            assert_eq!(case.of_variant("UserId"), variant, "{rule}");
        }
    }

    #[test]
    fn an_unknown_rule_lists_the_known_ones() {
        let expected = "unknown rename rule \"snakecase\"; expected one of \"lowercase\", ";
        assert!(Case::parse("snakecase").is_err_and(|text| text.starts_with(expected)));
    }
}
