use super::*;

/// The rates after each interval, with the average of `/` and whatever else is in it.
type Step = (
    &'static [(&'static str, u32)],
    &'static [(&'static str, u32)],
);

const INTERVAL: Duration = Duration::from_secs(15);

/// Feeds intervals of counts, and compares the rates after each. Computed by an implementation of its own in another language.
#[track_caller]
fn follow(settings: DynamicRate, steps: &[Step]) {
    let mut averages = Averages::new(settings.adjustment_interval(INTERVAL));
    let mut now = Instant::now();
    for (number, (counts, expected)) in steps.iter().enumerate() {
        for (key, count) in *counts {
            let _ = averages.rate(key, *count, now);
        }
        now += INTERVAL;
        averages.advance(now);
        let mut rates: Vec<_> = averages
            .rates
            .iter()
            .map(|(key, rate)| (&**key, *rate))
            .collect();
        rates.sort_unstable();
        assert_eq!(rates, *expected, "after interval {number}");
    }
}

#[test]
fn an_average_rate_of_keys_that_come_and_go() {
    follow(
        DynamicRate::ema_sample_rate(10).burst_multiple(0.0),
        &[
            (
                &[("/", 1_000), ("/cart", 100), ("/pay", 10), ("/err", 1)],
                &[("/", 17), ("/cart", 3), ("/err", 1), ("/pay", 1)],
            ),
            (
                &[("/", 2_000), ("/cart", 50), ("/pay", 10)],
                &[("/", 18), ("/cart", 2), ("/pay", 1)],
            ),
            (
                &[("/", 500), ("/cart", 400), ("/pay", 20), ("/new", 3)],
                &[("/", 18), ("/cart", 6), ("/new", 1), ("/pay", 1)],
            ),
            (
                &[("/", 900), ("/cart", 120)],
                &[("/", 17), ("/cart", 5), ("/new", 1), ("/pay", 1)],
            ),
            // Nothing came: nothing changes.
            (&[], &[("/", 17), ("/cart", 5), ("/new", 1), ("/pay", 1)]),
            (
                &[("/", 1_000), ("/cart", 100), ("/pay", 10), ("/err", 2)],
                &[("/", 18), ("/cart", 4), ("/err", 1), ("/pay", 1)],
            ),
        ],
    );
}

#[test]
fn a_throughput_of_five_events_a_second() {
    follow(
        DynamicRate::ema_throughput(5.0).burst_multiple(0.0),
        &[
            (
                &[("/", 1_000), ("/cart", 100), ("/pay", 10), ("/err", 1)],
                &[("/", 13), ("/cart", 2), ("/err", 1), ("/pay", 1)],
            ),
            (
                &[("/", 2_000), ("/cart", 50), ("/pay", 10)],
                &[("/", 31), ("/cart", 3), ("/pay", 1)],
            ),
            (
                &[("/", 500), ("/cart", 400), ("/pay", 20), ("/new", 3)],
                &[("/", 27), ("/cart", 9), ("/new", 1), ("/pay", 1)],
            ),
        ],
    );
}

#[test]
fn the_last_interval_alone() {
    follow(
        DynamicRate::avg_sample_rate(10),
        &[
            (
                &[("/", 1_000), ("/cart", 100), ("/pay", 10), ("/err", 1)],
                &[("/", 19), ("/cart", 3), ("/err", 1), ("/pay", 1)],
            ),
            (
                &[("/", 500), ("/cart", 400), ("/pay", 20), ("/new", 3)],
                &[("/", 15), ("/cart", 12), ("/new", 1), ("/pay", 1)],
            ),
            (&[], &[]),
            (&[("/", 900), ("/cart", 120)], &[("/", 16), ("/cart", 3)]),
        ],
    );
}

/// The tables that dynsampler is tested with (`emasamplerate_test.go`): averages that have settled at these counts, a goal of 20.
#[test]
fn dynsamplers_own_tables() {
    let tables: [&[(&str, f64, u32)]; 4] = [
        &[
            ("one", 1.0, 1),
            ("two", 1.0, 1),
            ("three", 2.0, 1),
            ("four", 5.0, 1),
            ("five", 8.0, 1),
            ("six", 15.0, 1),
            ("seven", 45.0, 1),
            ("eight", 612.0, 6),
            ("nine", 2_000.0, 14),
            ("ten", 10_000.0, 47),
        ],
        &[
            ("one", 1_000.0, 7),
            ("two", 1_000.0, 7),
            ("three", 2_000.0, 13),
            ("four", 5_000.0, 29),
            ("five", 7_000.0, 39),
        ],
        &[("one", 12_000.0, 20)],
        &[],
    ];
    for table in tables {
        let counts: BTreeMap<Box<str>, f64> = table
            .iter()
            .map(|(key, count, _)| ((*key).into(), *count))
            .collect();
        let goal = counts.values().sum::<f64>() / 20.0;
        let rates = rates(goal, &counts);
        for (key, count, expected) in table {
            assert_eq!(rates[*key], *expected, "{key} of {count}");
        }
    }
}

/// Feeds one interval of a second.
fn pass(averages: &mut Averages, now: &mut Instant, counts: &[(&str, u32)]) {
    for (key, count) in counts {
        let _ = averages.rate(key, *count, *now);
    }
    *now += Duration::from_secs(1);
    averages.advance(*now);
}

fn dynsamplers_throughput(goal: f64) -> Averages {
    let settings = DynamicRate::ema_throughput(goal)
        .adjustment_interval(Duration::from_secs(1))
        .weight(0.2)
        .age_out_value(0.2);
    Averages::new(settings.burst_multiple(0.0))
}

/// The moving averages that `emathroughput_test.go` expects, interval by interval. A key that did not come is not there at all.
#[test]
fn dynsamplers_own_averages_of_a_throughput() {
    let mut averages = dynsamplers_throughput(10.0);
    let mut now = Instant::now();
    for (counts, expected) in [
        ([463, 235, 0], [93.0, 47.0, 0.0]),
        ([176, 458, 0], [109.0, 129.0, 0.0]),
        ([345, 470, 0], [156.0, 197.0, 0.0]),
        ([339, 317, 0], [193.0, 221.0, 0.0]),
        ([197, 165, 0], [194.0, 210.0, 0.0]),
        ([387, 95, 6_960], [232.0, 187.0, 1_392.0]),
    ] {
        let [a, b, c] = counts;
        pass(
            &mut averages,
            &mut now,
            &[("a", a), ("b", b), ("c", c)][..if c > 0 { 3 } else { 2 }],
        );
        let found =
            ["a", "b", "c"].map(|key| averages.smoothed.get(key).map_or(0.0, |a| a.round()));
        assert_eq!(
            found.map(f64::to_bits),
            expected.map(f64::to_bits),
            "{found:?}"
        );
    }
}

/// From there too: 40 a second of one key and five keys that come once and go. Of ten a second, that key keeps one in four.
#[test]
fn dynsamplers_own_rate_beside_keys_that_come_once() {
    let mut averages = dynsamplers_throughput(10.0);
    let mut now = Instant::now();
    for round in 0..=100 {
        let once: Vec<_> = (0..5).map(|key| format!("{round}-{key}")).collect();
        let once = once.iter().map(|key| (key.as_str(), 1));
        let counts: Vec<_> = once.chain([("largest", 40)]).collect();
        pass(&mut averages, &mut now, &counts);
    }
    assert_eq!(averages.rates["largest"], 4);
}

/// And: a key settles at what comes of it, and is forgotten when it comes no more.
#[test]
fn dynsamplers_own_aging_out() {
    let mut averages = dynsamplers_throughput(10.0);
    let mut now = Instant::now();
    for _ in 0..100 {
        pass(&mut averages, &mut now, &[("foo", 500)]);
    }
    assert_eq!(averages.smoothed.len(), 1);
    assert!((averages.smoothed["foo"] - 500.0).abs() < 0.5);
    for _ in 0..100 {
        pass(&mut averages, &mut now, &[("other", 1)]);
    }
    assert!(averages.smoothed.keys().eq([&Box::<str>::from("other")]));
}

/// And: of keys in counts of different magnitudes, the goal is kept in nine intervals of ten within a fifth, and over all within a tenth.
#[test]
fn dynsamplers_own_bounds_of_a_throughput() {
    let mut dice = fastrand::Rng::with_seed(7);
    for (goal, keys) in [(100, 10), (100, 30), (1_000, 10), (1_000, 30)] {
        let settings = DynamicRate::ema_throughput(f64::from(goal))
            .adjustment_interval(Duration::from_secs(1))
            .burst_multiple(0.0);
        let mut averages = Averages::new(settings);
        let mut now = Instant::now();
        let (mut kept_of_all, mut near) = (0, 0);
        for interval in 0..=100 {
            let mut kept = 0;
            for key in 0..keys {
                let base = 10_u32.pow(key % 3 + 1);
                let name = key.to_string();
                let events = (key % 10 + 1) * base + dice.u32(..base);
                let rate = averages.rate(&name, events, now);
                kept += (0..events)
                    .map(|_| i32::from(dice.u32(..rate) == 0))
                    .sum::<i32>();
            }
            // The first says what comes; its own rate is the initial one.
            if interval > 0 {
                kept_of_all += kept;
                near += i32::from((kept - goal).abs() <= goal / 5);
            }
            now += Duration::from_secs(1);
            averages.advance(now);
        }
        assert!(
            (goal * 90..=goal * 110).contains(&kept_of_all),
            "{goal}, {keys}: {kept_of_all}"
        );
        assert!(near >= 90, "{goal}, {keys}: {near}");
    }
}

#[test]
fn before_the_first_interval_is_over_the_initial_rate_holds() {
    let now = Instant::now();
    for (settings, initial) in [
        (DynamicRate::ema_sample_rate(20), 20),
        (DynamicRate::ema_throughput(1.0), 10),
        (DynamicRate::avg_sample_rate(0).initial_sample_rate(0), 1),
    ] {
        let mut averages = Averages::new(settings);
        assert_eq!(averages.rate("key", 1, now), initial);
        assert_eq!(averages.rate("key", 1, now), initial);
    }
}

#[test]
fn a_new_key_is_kept_and_one_too_many_gets_the_initial_rate() {
    let start = Instant::now();
    let mut averages = Averages::new(DynamicRate::ema_sample_rate(7).max_keys(2));
    for _ in 0..100 {
        let _ = averages.rate("a", 1, start);
    }
    let later = start + INTERVAL;
    assert_eq!(averages.rate("a", 1, later), 7);
    assert_eq!(averages.rate("b", 1, later), 1);
    assert_eq!(averages.rate("c", 1, later), 7, "the third of two");
    assert_eq!(averages.rate("b", 1, later), 1, "known, so counted");
}

#[test]
fn a_burst_finds_the_rates_anew_before_its_interval_is_over() {
    let start = Instant::now();
    let settings = DynamicRate::ema_sample_rate(10).burst_detection_delay(1);
    let mut averages = Averages::new(settings);
    let _ = averages.rate("usual", 100, start);
    let second = start + INTERVAL;
    // 50 on average, so that 100 are a burst.
    assert_eq!(averages.rate("sudden", 99, second), 1);
    // Now 25 and 50 on average: a goal of 7.5, of which `sudden` gets 4.1.
    assert_eq!(averages.rate("sudden", 1, second), 13);
    assert!(averages.counts.is_empty(), "a new interval has begun");
}

#[test]
fn keys_and_their_length_are_bounded_and_the_rarest_go_first() {
    let mut now = Instant::now();
    let mut averages = Averages::new(DynamicRate::ema_sample_rate(10).max_keys(10));
    for round in 0..50 {
        for key in 0..100 {
            let name = format!("{}-{round}-{key}", "x".repeat(1_000));
            let _ = averages.rate(&name, 1, now);
            let _ = averages.rate(&format!("{round}-{key}"), 8, now);
        }
        let _ = averages.rate("steady", 1_000, now);
        now += INTERVAL;
        averages.advance(now);
        assert!(averages.smoothed.len() <= 10 && averages.rates.len() <= 10);
        let longest = averages.rates.keys().map(|key| key.len()).max();
        assert!(longest.is_none_or(|length| length <= MAX_KEY_BYTES));
    }
    let _ = averages.rate("steady", 1_000, now);
    averages.advance(now + INTERVAL);
    assert!(averages.smoothed.contains_key("steady"));
}

#[test]
fn settings_that_cannot_work_say_what_to_write_instead() {
    for (settings, advice) in [
        (DynamicRate::ema_sample_rate(0), "ema_sample_rate(20)"),
        (
            DynamicRate::ema_throughput(f64::NAN),
            "ema_throughput(100.0)",
        ),
        (DynamicRate::ema_sample_rate(9).weight(1.0), "0.5 is usual"),
        (
            DynamicRate::ema_sample_rate(9).age_out_value(-1.0),
            "leave it out",
        ),
        (
            DynamicRate::ema_sample_rate(9).burst_multiple(-1.0),
            "2 is usual",
        ),
        (DynamicRate::ema_sample_rate(9).max_keys(0), "500 is usual"),
        (
            DynamicRate::ema_sample_rate(9).adjustment_interval(Duration::ZERO),
            "15 s is usual",
        ),
    ] {
        let said = DynamicSampler::new(settings)
            .err()
            .map(|error| error.to_string());
        assert!(
            said.as_ref().is_some_and(|said| said.contains(advice)),
            "{said:?}"
        );
    }
}
