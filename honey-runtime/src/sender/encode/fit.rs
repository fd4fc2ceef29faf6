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
    use super::*;

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
