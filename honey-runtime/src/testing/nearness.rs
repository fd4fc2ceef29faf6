//! How alike two names are: for those who wrote one and meant the other.

/// As many letters may differ, in names that are not much shorter.
const TYPO: usize = 2;

/// The name that is most like `wanted`: a typo away, or its last segment elsewhere (`plan` and `customer.plan`).
pub(super) fn similar<'a>(
    wanted: &str,
    names: impl Iterator<Item = &'a String>,
) -> Option<&'a String> {
    let segment = last_segment(wanted);
    let alike = |name: &&String| {
        let typos = distance(wanted, name);
        let is_typo = typos <= TYPO && typos * 2 < wanted.chars().count();
        is_typo || last_segment(name) == segment
    };
    names
        .filter(alike)
        .min_by_key(|name| distance(wanted, name))
}

fn last_segment(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Letters to be put in, left out or replaced, to come from one to the other (Levenshtein).
pub(super) fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (place, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = place + 1;
        for (other, known) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *known);
            diagonal = row[other + 1];
            row[other + 1] = replaced.min(diagonal + 1).min(row[other] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (from, to, expected) in [
            ("", "", 0),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("checkout", "chekcout", 2),
            ("é", "e", 1),
        ] {
            assert_eq!(distance(from, to), expected, "{from} {to}");
            assert_eq!(distance(to, from), expected, "{to} {from}");
        }
    }

    #[test]
    fn similar_is_a_typo_away_or_has_the_same_last_segment() {
        let names = ["user_id", "customer.plan", "a"].map(str::to_owned);
        for (wanted, expected) in [
            ("user_ids", Some("user_id")),
            ("plan", Some("customer.plan")),
            ("order.plan", Some("customer.plan")),
            ("b", None),
            ("nothing", None),
        ] {
            let found = similar(wanted, names.iter()).map(String::as_str);
            assert_eq!(found, expected, "{wanted}");
        }
    }
}
