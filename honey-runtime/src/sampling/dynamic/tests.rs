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
