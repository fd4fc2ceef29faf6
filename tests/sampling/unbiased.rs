//! The sums of rates say how many there were, whatever was left out: for each way of sampling, and for all of them together.
//!
//! Each sum's standard deviation is known: a trace of `k` events that is kept with probability `1/r` adds `k²·(r−1)` to the variance.
//! A sum that is right is further off than seven of them once in 10^11 times.

use honey::Event;
use std::time::Duration;

use honey::sampling::{DynamicRate, DynamicSampler, TailRules, When};
use honey::testing::CapturedEvent;

use crate::Rig;

const DEVIATIONS: f64 = 7.0;
const TRACES: u32 = 15_000;
/// One trace in so many is of another route.
const RARE: u32 = 200;

/// The sum of the rates of the events that `which` picks, against how many there were, each sampled at 1 in `most` at most, and
/// `per_trace` of them together.
#[track_caller]
fn assert_estimates(
    events: &[CapturedEvent],
    which: impl Fn(&CapturedEvent) -> bool,
    (truth, per_trace): (u32, u32),
    most: u32,
) {
    let picked = events.iter().filter(|event| which(event));
    let sum: u64 = picked.map(CapturedEvent::sample_rate).sum();
    let sum = f64::from(u32::try_from(sum).unwrap());
    let variance = f64::from(truth) * f64::from(per_trace) * f64::from(most - 1);
    let off = (sum - f64::from(truth)).abs();
    assert!(
        off <= DEVIATIONS * variance.sqrt(),
        "{sum} for {truth}, at rates up to {most}: {:.1} deviations",
        off / variance.sqrt()
    );
}

/// What is sent, and at which rates, at most.
#[derive(Clone, Copy)]
struct Traffic {
    /// The deepest child has an error in one trace of so many.
    errors: u32,
    head: u32,
    /// The deepest child's own rate.
    child: u32,
    /// The tail's rate of traces with an error, of the rare route, and of all.
    tail: (u32, u32, u32),
}

/// Traces of three events, and what was sent of them.
fn run(rig: Rig, traffic: Traffic) -> Vec<CapturedEvent> {
    let mut sent = Vec::new();
    for n in 0..TRACES {
        rig.trace(|root| {
            root.add_field("http.route", if n % RARE == 0 { "/admin" } else { "/" });
            let scope = honey::start_child("hard");
            scope.handle().sample(traffic.child);
            if n % traffic.errors == 0 {
                scope.handle().set_error("no");
            }
        });
        if n % 500 == 0 {
            sent.extend(rig.flushed());
        }
    }
    let (rest, stats) = rig.close();
    sent.extend(rest);
    assert_eq!(stats.created, u64::from(3 * TRACES));
    assert_eq!(stats.accepted, sent.len() as u64, "{stats}");
    assert!(stats.sampled_out > 0, "{stats}");
    sent
}

/// All that can be asked of what was kept.
#[track_caller]
fn assert_unbiased(sent: &[CapturedEvent], traffic: Traffic) {
    let Traffic {
        errors,
        head,
        child,
        tail: (of_errors, of_rare, of_all),
    } = traffic;
    let child = child.max(head);
    let is_named = |name: &'static str| move |event: &CapturedEvent| event.name() == Some(name);
    assert_estimates(sent, |_| true, (3 * TRACES, 3), child * of_all);
    for (name, rate) in [("root", head), ("child", head), ("hard", child)] {
        assert_estimates(sent, is_named(name), (TRACES, 1), rate * of_all);
    }
    let has_error = |event: &CapturedEvent| event.field("error").is_some();
    assert_estimates(sent, has_error, (TRACES / errors, 1), child * of_errors);
    let (rare, frequent) = (TRACES / RARE, TRACES - TRACES / RARE);
    for (route, truth, of_route) in [("/admin", rare, of_rare), ("/", frequent, of_all)] {
        let is_on = |event: &CapturedEvent| {
            event
                .field("http.route")
                .is_some_and(|field| field == route)
        };
        assert_estimates(sent, is_on, (truth, 1), head * of_route);
    }
}

const PLAIN: Traffic = Traffic {
    errors: 50,
    head: 1,
    child: 1,
    tail: (1, 1, 1),
};

fn rules() -> TailRules {
    TailRules::new()
        .keep_errors()
        .rule(When::root_field("http.route").is("/admin"), 2)
        .otherwise(10)
}

const RULES: Traffic = Traffic {
    tail: (1, 2, 10),
    ..PLAIN
};

#[test]
fn the_head() {
    let traffic = Traffic {
        head: 5,
        child: 20,
        ..PLAIN
    };
    let sent = run(Rig::new(|config| config.sample_rate(5)), traffic);
    assert_unbiased(&sent, traffic);
}

#[test]
fn the_tail() {
    assert_unbiased(&run(Rig::with_tail(rules()), RULES), RULES);
}

/// The head may leave out the very child whose error would have kept the trace: still right, since the two do not draw the same
/// lot. With one lot for both the sums would be several times too large.
#[test]
fn the_head_times_the_tail() {
    for errors in [50, 1] {
        let traffic = Traffic {
            errors,
            head: 3,
            child: 12,
            ..RULES
        };
        let rig = Rig::new(|config| config.sample_rate(3).tail(rules()));
        assert_unbiased(&run(rig, traffic), traffic);
    }
}

/// The rates are found on the way: what was sent says how high they went.
#[track_caller]
fn assert_dynamic(rules: TailRules, initial: u32, traffic: Traffic, keeps_errors: bool) {
    let rig = Rig::new(|config| config.sample_rate(traffic.head).tail(rules));
    let sent = run(rig, traffic);
    let roots = sent.iter().filter(|event| event.name() == Some("root"));
    let largest = roots.map(CapturedEvent::sample_rate).max().unwrap();
    let most = (u32::try_from(largest).unwrap() / traffic.head).max(initial);
    let of_errors = if keeps_errors { 1 } else { most };
    let tail = (of_errors, most, most);
    assert_unbiased(&sent, Traffic { tail, ..traffic });
}

#[test]
fn dynamic_rates() {
    let interval = Duration::from_millis(5);
    let rate = || {
        DynamicRate::ema_sample_rate(8)
            .adjustment_interval(interval)
            .by(["http.route"])
    };
    let errors_kept = || TailRules::new().keep_errors().otherwise(rate());
    assert_dynamic(errors_kept(), 8, PLAIN, true);
    let by_throughput = DynamicRate::ema_throughput(2_000.0)
        .adjustment_interval(interval)
        .by(["http.route"]);
    assert_dynamic(TailRules::new().otherwise(by_throughput), 10, PLAIN, false);
    let behind_the_head = Traffic {
        head: 3,
        child: 12,
        ..PLAIN
    };
    assert_dynamic(errors_kept(), 8, behind_the_head, true);
}

#[test]
fn events_by_hand_with_a_dynamic_sampler() {
    let rate = DynamicRate::ema_sample_rate(10).adjustment_interval(Duration::from_millis(1));
    let sampler = DynamicSampler::new(rate).unwrap();
    let rig = Rig::new(|config| config);
    std::thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                rig.run(|| {
                    for n in 0..20_000 {
                        let key = if n % 100 == 0 { "rare" } else { "frequent" };
                        let mut event = Event::new();
                        event.add_field("key", key);
                        event.set_sample_rate(sampler.rate(key));
                        event.send();
                    }
                });
            });
        }
    });
    let (sent, stats) = rig.close();
    assert!(stats.sampled_out > 0, "{stats}");
    let largest = sent.iter().map(CapturedEvent::sample_rate).max().unwrap();
    let most = u32::try_from(largest).unwrap().max(10);
    for (key, truth) in [("rare", 400), ("frequent", 39_600)] {
        let has_key = |event: &CapturedEvent| event.field("key").is_some_and(|field| field == key);
        assert_estimates(&sent, has_key, (truth, 1), most);
    }
}
