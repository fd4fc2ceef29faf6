//! How short strings have to become for an event to fit.

/// The length at which to cut all longer strings so that `excess` bytes are saved; `None` when even cutting all of them to
/// nothing saves less. Sorts `lengths`.
pub(super) fn cut_at(lengths: &mut [usize], excess: usize) -> Option<usize> {
    lengths.sort_unstable_by(|a, b| b.cmp(a));
    let mut sum = 0;
    for (place, &length) in lengths.iter().enumerate() {
        sum += length;
        let next = lengths.get(place + 1).copied().unwrap_or(0);
        let level = sum.checked_sub(excess).map(|kept| kept / (place + 1));
        if let Some(level) = level.filter(|level| *level >= next) {
            return Some(level);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Cut there, enough is saved, and one byte longer it would not be; when there is no such length, nothing would be enough.
        #[test]
        fn no_more_is_cut_than_needed(
            lengths in prop::collection::vec(0..1_000_usize, 0..20),
            excess in 1..20_000_usize,
        ) {
            let saved = |level: usize| -> usize {
                lengths.iter().map(|length| length.saturating_sub(level)).sum()
            };
            match cut_at(&mut lengths.clone(), excess) {
                Some(level) => prop_assert!(saved(level) >= excess && saved(level + 1) < excess),
                None => prop_assert!(saved(0) < excess),
            }
        }
    }

    #[test]
    fn the_longest_are_cut_first_and_only_as_far_as_needed() {
        for (lengths, excess, expected) in [
            (&[100][..], 10, Some(90)),
            (&[100, 50], 10, Some(90)),
            (&[100, 50], 50, Some(50)),
            (&[100, 50], 60, Some(45)),
            (&[50, 100, 100], 100, Some(50)),
            (&[10, 10], 20, Some(0)),
            (&[10, 10], 21, None),
            (&[], 1, None),
        ] {
            let mut lengths = lengths.to_vec();
            let level = cut_at(&mut lengths, excess);
            assert_eq!(level, expected, "{lengths:?} - {excess}");
            if let Some(level) = level {
                let saved: usize = lengths
                    .iter()
                    .map(|length| length.saturating_sub(level))
                    .sum();
                assert!(saved >= excess);
            }
        }
    }
}
