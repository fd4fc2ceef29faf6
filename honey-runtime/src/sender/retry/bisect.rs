//! How many requests the search for one bad event may cost.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::sync::Arc;

/// Requests left for a batch that is being bisected, shared by its parts: at most 2·log2(n) + 8 in all.
#[derive(Debug, Clone)]
pub(in crate::sender) struct Allowance(Arc<AtomicU32>);

impl Allowance {
    /// For a batch of `events` that was refused; its first request is not counted.
    pub(in crate::sender) fn new(events: usize) -> Self {
        let log2 = usize::BITS - events.max(1).saturating_sub(1).leading_zeros();
        Self(Arc::new(AtomicU32::new(2 * log2 + 8)))
    }

    /// Takes the two requests that the halves cost; false when there are none left.
    pub(in crate::sender) fn take_two(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(2)
            })
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds() {
        for (events, requests) in [(1, 8), (2, 10), (3, 12), (4, 12), (1_000, 28), (1_024, 28)] {
            let allowance = Allowance::new(events);
            let splits = std::iter::repeat_with(|| allowance.take_two())
                .take_while(|taken| *taken)
                .count();
            assert_eq!(splits * 2, requests, "{events}");
        }
    }
}
