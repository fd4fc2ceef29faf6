//! "Did you mean": the text for a word that is not one of the known ones.

/// More edits than this, and a word is not taken for a slip of another.
const MAX_EDITS: usize = 2;

/// ``unknown option `nmae`; did you mean `name`?``, or the list of what is known.
pub(crate) fn unknown(noun: &str, word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(near) => format!("unknown {noun} `{word}`; did you mean `{near}`?"),
        None => format!("unknown {noun} `{word}`; expected one of {}", list(known)),
    }
}

/// `` `a`, `b`, `c` ``
pub(crate) fn list<S: AsRef<str>>(words: &[S]) -> String {
    let quoted: Vec<String> = words
        .iter()
        .map(|word| format!("`{}`", word.as_ref()))
        .collect();
    quoted.join(", ")
}

fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (edits(word, candidate), *candidate))
        .filter(|&(distance, candidate)| distance <= MAX_EDITS && distance < candidate.len())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// The Levenshtein distance, over chars.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::{edits, unknown};

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "", 0),
            ("name", "name", 0),
            ("nmae", "name", 2),
            ("sampel", "sample", 2),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(edits(a, b), expected, "{a} -> {b}");
        }
    }

    #[test]
    fn a_near_word_is_offered_and_otherwise_the_list() {
        let known = ["name", "fields", "ok"];
        assert_eq!(
            unknown("option", "feilds", &known),
            "unknown option `feilds`; did you mean `fields`?"
        );
        assert_eq!(
            unknown("option", "skip_all", &known),
            "unknown option `skip_all`; expected one of `name`, `fields`, `ok`"
        );
        assert_eq!(
            unknown("option", "id", &known),
            "unknown option `id`; expected one of `name`, `fields`, `ok`"
        );
    }
}
