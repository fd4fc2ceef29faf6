//! Properties of the policies, with a clock and dice that the test holds.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::sender::batching::{self, Gathered, Limits};
use crate::sender::retry::{Allowance, Backoff, Failure, Gate, Policy, Trouble};

const MINUTE: Duration = Duration::from_secs(60);

fn backoff() -> impl Strategy<Value = Backoff> {
    (0..5_000_u64, 0..120_000_u64).prop_map(|(first, most)| Backoff {
        first: Duration::from_millis(first),
        most: Duration::from_millis(most),
    })
}

fn asked() -> impl Strategy<Value = Option<Duration>> {
    prop::option::of((0..1_000_000_000_u64).prop_map(Duration::from_millis))
}

/// What may happen to a destination.
#[derive(Debug, Clone)]
enum Step {
    Wait(Duration),
    Succeeded,
    Failed(Trouble, Option<Duration>),
    Abandoned,
}

fn step() -> impl Strategy<Value = Step> {
    let trouble = prop::sample::select(vec![
        Trouble::Transport,
        Trouble::UnknownHost,
        Trouble::Proxy,
        Trouble::Tls,
        Trouble::Unauthorized,
        Trouble::Throttled,
        Trouble::Unavailable,
        Trouble::Transmission,
    ]);
    prop_oneof![
        (0..200_000_u64).prop_map(|ms| Step::Wait(Duration::from_millis(ms))),
        Just(Step::Succeeded),
        (trouble, asked()).prop_map(|(trouble, asked)| Step::Failed(trouble, asked)),
        Just(Step::Abandoned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_wait_is_bounded_and_grows_with_failures_and_dice(
        backoff in backoff(),
        failures in any::<u32>(),
        asked in asked(),
        dice in -1.0..2.0_f64,
        more in 0.0..1.0_f64,
    ) {
        let wait = backoff.wait(failures, asked, dice);
        match asked.filter(|asked| !asked.is_zero()) {
            Some(asked) => prop_assert_eq!(wait, asked.min(MINUTE)),
            None => prop_assert!(wait <= backoff.most.max(MINUTE)),
        }
        let own = backoff.wait(failures, None, dice);
        prop_assert!(own <= backoff.most);
        prop_assert!(own <= backoff.wait(failures.saturating_add(1), None, dice));
        prop_assert!(own <= backoff.wait(failures, None, dice + more));
    }

    /// Whatever happens, a closed gate opens for one probe by itself, within its longest wait, unless one is under way.
    #[test]
    fn a_gate_lets_one_probe_through_and_never_stays_closed(
        backoff in backoff(),
        steps in prop::collection::vec(step(), 0..40),
        dice in 0.0..1.0_f64,
    ) {
        let policy = Policy { backoff, probe_interval: MINUTE, dice };
        let longest = backoff.most.max(MINUTE);
        let mut now = Instant::now();
        let mut gate = Gate::default();
        let mut is_probing = false;
        for step in steps {
            let sent = gate.may_send(now);
            prop_assert!(!is_probing || sent.is_none(), "two probes at once");
            let was_probe = is_probing || sent == Some(true);
            if sent == Some(true) {
                gate.begin_probe();
                is_probing = true;
            }
            match step {
                Step::Wait(time) => now += time,
                Step::Succeeded => {
                    gate.succeeded(was_probe);
                    is_probing &= !was_probe;
                }
                Step::Failed(trouble, asked) => {
                    gate.failed(Failure { trouble, was_probe, asked }, now, policy);
                    is_probing &= !was_probe;
                }
                Step::Abandoned => {
                    gate.abandon_probe();
                    is_probing = false;
                }
            }
            if let Some(until) = gate.next_look() {
                prop_assert!(until <= now + longest, "{:?}", until - now);
                prop_assert_eq!(gate.may_send(until.max(now)), Some(true));
            } else {
                prop_assert!(is_probing || gate.may_send(now) == Some(false));
            }
            prop_assert!((1..=8).contains(&gate.most_in_flight(8)));
        }
    }

    /// The search for bad events ends after the requests it is allowed, however its parts are cut.
    #[test]
    fn a_search_costs_what_it_is_allowed(events in 1..1_000_000_usize) {
        let allowance = Allowance::new(events);
        let parts = [allowance.clone(), allowance.clone(), allowance];
        let requests = 2 * (0..10_000).take_while(|turn| parts[turn % 3].take_two()).count();
        let log2 = usize::try_from((events - 1).checked_ilog2().map_or(0, |log2| log2 + 1));
        prop_assert_eq!(requests, 2 * log2.unwrap_or(0) + 8);
    }

    /// What is due stays due with more of anything, and waits for nothing but an answer once it has waited long enough.
    #[test]
    fn more_makes_a_batch_no_less_due(
        (events, bytes, in_flight) in (0..20_usize, 0..2_000_usize, 0..4_usize),
        (more_events, more_bytes) in (0..20_usize, 0..2_000_usize),
        (waited_ms, longer_ms) in (0..200_u64, 0..200_u64),
        is_hurried in any::<bool>(),
    ) {
        let limits = Limits {
            events: 10,
            bytes: 1_000,
            longest_wait: Duration::from_millis(100),
            in_flight: 2,
        };
        let gathered = Gathered {
            events,
            bytes,
            waited: Duration::from_millis(waited_ms),
            in_flight,
            is_hurried,
        };
        let more = Gathered {
            events: events + more_events,
            bytes: bytes + more_bytes,
            waited: gathered.waited + Duration::from_millis(longer_ms),
            is_hurried: true,
            ..gathered
        };
        let is_due = batching::is_due(gathered, limits);
        prop_assert!(!is_due || batching::is_due(more, limits));
        prop_assert!(!is_due || (events > 0 && in_flight < limits.in_flight));
        let has_waited = gathered.waited >= limits.longest_wait;
        prop_assert!(is_due || !has_waited || events == 0 || in_flight >= limits.in_flight);
    }
}
