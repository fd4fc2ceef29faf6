//! Rates that follow the traffic: frequent keys are sampled hard, rare ones are kept.
//!
//! The arithmetic is that of Honeycomb's dynsampler, so that its documentation and the experience with it hold here too.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::{Duration, Instant};

use super::Rate;
use crate::error::InitError;
use crate::sync::Mutex;

/// Longer keys are cut: a key is a handful of short values, and each is held.
const MAX_KEY_BYTES: usize = 256;
/// The shortest interval that says something.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(1);

/// How rates are found by counting keys: made by one of the three constructors, then set by value.
///
/// All three give each key a share of what may be kept in proportion to the *logarithm* of how often it comes: a key that comes
/// ten thousand times as often as another gets four times as much, not ten thousand times. So frequent keys get high rates, and
/// rare ones are kept whole. Rates are found anew once an interval; a key that was not seen before is kept.
///
/// In [`TailRules`](super::TailRules), [`by`](Self::by) says which fields make the key, and what is counted are events: a trace
/// of five counts as five. Anywhere else, use a [`DynamicSampler`].
///
/// ```
/// use honey::sampling::{DynamicRate, TailRules};
///
/// let rules = TailRules::new()
///     .keep_errors()
///     .otherwise(DynamicRate::ema_sample_rate(20).by(["http.route", "http.response.status_code"]));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a DynamicRate does nothing until it is part of `TailRules` or given to `DynamicSampler::new`"]
pub struct DynamicRate {
    goal: Goal,
    interval: Duration,
    /// `None`: the last interval alone counts.
    weight: Option<f64>,
    age_out_value: Option<f64>,
    burst_multiple: f64,
    burst_detection_delay: u32,
    max_keys: usize,
    initial_sample_rate: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Goal {
    SampleRate(u32),
    ThroughputPerSec(f64),
}

impl DynamicRate {
    /// An average rate of 1 in `goal_sample_rate`, by an exponential moving average of how often each key comes:
    /// dynsampler's `EMASampleRate`. What is kept grows with the traffic.
    ///
    /// ```
    /// use std::time::Duration;
    /// use honey::sampling::DynamicRate;
    ///
    /// let rate = DynamicRate::ema_sample_rate(20)
    ///     .adjustment_interval(Duration::from_secs(30))
    ///     .weight(0.3);
    /// ```
    pub fn ema_sample_rate(goal_sample_rate: u32) -> Self {
        Self {
            goal: Goal::SampleRate(goal_sample_rate),
            interval: Duration::from_secs(15),
            weight: Some(0.5),
            age_out_value: None,
            burst_multiple: 2.0,
            burst_detection_delay: 3,
            max_keys: 500,
            initial_sample_rate: goal_sample_rate,
        }
    }

    /// About `goal_throughput_per_sec` events a second, by the same moving average: dynsampler's `EMAThroughput`. What is kept
    /// stays about the same however much comes; each key that is seen keeps at least one event an interval, so many keys may keep
    /// more than the goal.
    ///
    /// ```
    /// use honey::sampling::DynamicRate;
    ///
    /// let rate = DynamicRate::ema_throughput(100.0).initial_sample_rate(50);
    /// ```
    pub fn ema_throughput(goal_throughput_per_sec: f64) -> Self {
        Self {
            goal: Goal::ThroughputPerSec(goal_throughput_per_sec),
            initial_sample_rate: 10,
            ..Self::ema_sample_rate(1)
        }
    }

    /// An average rate of 1 in `goal_sample_rate`, by the counts of the last interval alone, 30 s unless set otherwise:
    /// dynsampler's `AvgSampleRate`. Simpler to follow, and quicker to forget.
    ///
    /// ```
    /// let rate = honey::sampling::DynamicRate::avg_sample_rate(10).max_keys(100);
    /// ```
    pub fn avg_sample_rate(goal_sample_rate: u32) -> Self {
        Self {
            interval: Duration::from_secs(30),
            weight: None,
            burst_multiple: 0.0,
            ..Self::ema_sample_rate(goal_sample_rate)
        }
    }

    /// How often the rates are found anew; by default 15 s (30 s for `avg_sample_rate`), at least 1 ms.
    pub fn adjustment_interval(mut self, interval: Duration) -> Self {
        self.interval = interval;
        self
    }

    /// How much the last interval weighs in the moving average, between 0 and 1; by default 0.5. Larger follows faster.
    pub fn weight(mut self, weight: f64) -> Self {
        self.weight = Some(weight);
        self
    }

    /// A key whose average falls below this is forgotten; by default the weight, so that a key seen once stays for one interval.
    pub fn age_out_value(mut self, average: f64) -> Self {
        self.age_out_value = Some(average);
        self
    }

    /// Finds the rates anew at once when an interval has this many times the usual sum of events; by default 2; 0 never does.
    pub fn burst_multiple(mut self, multiple: f64) -> Self {
        self.burst_multiple = multiple;
        self
    }

    /// Intervals before bursts are looked for; by default 3.
    pub fn burst_detection_delay(mut self, intervals: u32) -> Self {
        self.burst_detection_delay = intervals;
        self
    }

    /// Keys that are counted in an interval, and kept in the average, at most; by default 500. It bounds the memory: a key takes
    /// at most 256 bytes, three times. What comes under further keys gets the
    /// [`initial_sample_rate`](Self::initial_sample_rate).
    pub fn max_keys(mut self, keys: usize) -> Self {
        self.max_keys = keys;
        self
    }

    /// The rate until the first interval is over, and of keys beyond [`max_keys`](Self::max_keys); by default the goal, and 10
    /// for `ema_throughput`.
    pub fn initial_sample_rate(mut self, rate: u32) -> Self {
        self.initial_sample_rate = rate;
        self
    }

    /// A rate for [`TailRules`](super::TailRules) whose key is the values of these fields: the local root's, else those of the
    /// trace's first event that has the field. Choose fields of few values, such as a route and a status; never an id.
    pub fn by(self, fields: impl IntoIterator<Item = impl Into<String>>) -> Rate {
        Rate::dynamic(self, fields.into_iter().map(Into::into).collect())
    }

    /// What cannot work, and what to write instead.
    pub(crate) fn check(&self) -> Result<(), String> {
        let goal = match self.goal {
            Goal::SampleRate(rate) => rate >= 1,
            Goal::ThroughputPerSec(events) => events.is_finite() && events > 0.0,
        };
        let is_share = |weight: f64| weight > 0.0 && weight < 1.0;
        for (is_fine, problem) in [
            (
                goal,
                "a dynamic rate's goal is above 0: `ema_sample_rate(20)`, `ema_throughput(100.0)`",
            ),
            (
                self.interval >= SHORTEST_INTERVAL,
                "`adjustment_interval` is 1 ms or more; 15 s is usual",
            ),
            (
                self.weight.is_none_or(is_share),
                "`weight` is between 0 and 1; 0.5 is usual",
            ),
            (
                self.age_out_value
                    .is_none_or(|value| value.is_finite() && value > 0.0),
                "`age_out_value` is above 0; leave it out to have the weight",
            ),
            (
                self.burst_multiple.is_finite() && self.burst_multiple >= 0.0,
                "`burst_multiple` is 0 (no detection) or more; 2 is usual",
            ),
            (self.max_keys > 0, "`max_keys` is 1 or more; 500 is usual"),
        ] {
            if !is_fine {
                return Err(problem.to_owned());
            }
        }
        Ok(())
    }
}

/// Finds rates by key anywhere: for events by hand, or in a program's own sampling. dynsampler's use.
///
/// `Sync`: one for all threads. A call takes a lock and one or two look-ups; once an interval one call finds all rates anew.
///
/// ```
/// use honey::sampling::{DynamicRate, DynamicSampler};
///
/// # fn main() -> Result<(), honey::InitError> {
/// let sampler = DynamicSampler::new(DynamicRate::ema_sample_rate(10))?;
/// # let client = honey::Client::new(honey::Config::new("key").dataset("d").api_host(""))?;
/// # honey::with_client(&client, || {
/// let mut event = honey::Event::new();
/// event.add_field("http.route", "/cart");
/// event.set_sample_rate(sampler.rate("/cart"));
/// event.send();
/// # });
/// # Ok(())
/// # }
/// ```
pub struct DynamicSampler {
    averages: Mutex<Averages>,
}

impl DynamicSampler {
    /// A sampler that has seen nothing.
    ///
    /// # Errors
    /// When a setting cannot work; the text says what to write instead.
    pub fn new(rate: DynamicRate) -> Result<Self, InitError> {
        rate.check().map_err(InitError::config)?;
        Ok(Self {
            averages: Mutex::new(Averages::new(rate)),
        })
    }

    /// Counts one event of this key, and says how it is to be sampled: 1 in that many. Keys are cut to 256 bytes.
    #[must_use]
    pub fn rate(&self, key: &str) -> u32 {
        self.averages.lock().rate(key, 1, Instant::now())
    }
}

impl fmt::Debug for DynamicSampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicSampler").finish_non_exhaustive()
    }
}

/// The counts, averages and rates of keys. The clock is the caller's.
pub(crate) struct Averages {
    settings: DynamicRate,
    /// Of this interval.
    counts: HashMap<Box<str>, f64>,
    /// In the order of their bytes, which decides who gets what others leave.
    smoothed: BTreeMap<Box<str>, f64>,
    rates: HashMap<Box<str>, u32>,
    /// Until the first interval with events is over, nothing is known.
    has_rates: bool,
    burst_sum: f64,
    burst_threshold: f64,
    intervals: u32,
    next: Option<Instant>,
}

impl Averages {
    pub(crate) fn new(settings: DynamicRate) -> Self {
        Self {
            settings,
            counts: HashMap::new(),
            smoothed: BTreeMap::new(),
            rates: HashMap::new(),
            has_rates: false,
            burst_sum: 0.0,
            burst_threshold: 0.0,
            intervals: 0,
            next: None,
        }
    }

    /// Counts `events` of a key, and gives its rate.
    pub(crate) fn rate(&mut self, key: &str, events: u32, now: Instant) -> u32 {
        self.advance(now);
        let key = cut(key);
        let is_counted = self.count(key, events.into());
        let is_burst = self.settings.burst_multiple > 0.0
            && self.burst_threshold > 0.0
            && self.burst_sum >= self.burst_threshold
            && self.intervals >= self.settings.burst_detection_delay;
        if is_burst {
            self.update();
            self.next = Some(now + self.settings.interval);
        }
        let initial = self.settings.initial_sample_rate.max(1);
        if !self.has_rates {
            return initial;
        }
        let unknown = if is_counted { 1 } else { initial };
        self.rates.get(key).copied().unwrap_or(unknown)
    }

    /// Finds the rates anew if an interval is over.
    fn advance(&mut self, now: Instant) {
        let interval = self.settings.interval;
        let next = *self.next.get_or_insert(now + interval);
        if now < next {
            return;
        }
        self.update();
        let over = now.saturating_duration_since(next).as_nanos() / interval.as_nanos().max(1);
        let over = u32::try_from(over).unwrap_or(u32::MAX);
        self.intervals = self.intervals.saturating_add(over).saturating_add(1);
        self.next = Some(now + interval);
    }

    /// False: there are as many keys as there may be.
    fn count(&mut self, key: &str, events: f64) -> bool {
        if let Some(count) = self.counts.get_mut(key) {
            *count += events;
        } else if self.counts.len() < self.settings.max_keys {
            self.counts.insert(key.into(), events);
        } else {
            return false;
        }
        self.burst_sum += events;
        true
    }

    /// Ends an interval. One without events changes no average: a pause says nothing about what comes after it.
    fn update(&mut self) {
        let counts = std::mem::take(&mut self.counts);
        self.burst_sum = 0.0;
        if counts.is_empty() {
            if self.settings.weight.is_none() {
                self.rates.clear();
            }
            return;
        }
        self.average(counts);
        let sum: f64 = self.smoothed.values().map(|count| count.max(1.0)).sum();
        self.burst_threshold = sum * self.settings.burst_multiple;
        let goal = match self.settings.goal {
            Goal::SampleRate(rate) => sum / f64::from(rate.max(1)),
            Goal::ThroughputPerSec(events) => events * self.settings.interval.as_secs_f64(),
        };
        self.rates = rates(goal, &self.smoothed);
        self.has_rates = true;
    }

    fn average(&mut self, mut counts: HashMap<Box<str>, f64>) {
        let Some(weight) = self.settings.weight else {
            self.smoothed = counts.into_iter().collect();
            return;
        };
        let age_out = self.settings.age_out_value.unwrap_or(weight);
        self.smoothed.retain(|key, average| {
            let count = counts.remove(key).unwrap_or(0.0);
            *average = weight * count + (1.0 - weight) * *average;
            *average >= age_out
        });
        let new = counts.into_iter().map(|(key, count)| (key, weight * count));
        self.smoothed
            .extend(new.filter(|(_, average)| *average >= age_out));
        self.forget_the_rarest();
    }

    fn forget_the_rarest(&mut self) {
        let excess = self.smoothed.len().saturating_sub(self.settings.max_keys);
        if excess == 0 {
            return;
        }
        let mut by_average: Vec<f64> = self.smoothed.values().copied().collect();
        by_average.sort_by(f64::total_cmp);
        let least = by_average.get(excess).copied().unwrap_or(f64::INFINITY);
        let mut left = excess;
        self.smoothed.retain(|_, average| {
            let goes = left > 0 && *average <= least;
            left -= usize::from(goes);
            !goes
        });
    }
}

/// Each key's rate, so that about `goal` of all events are kept: a key's share is the logarithm of its count, at least one, and
/// what a key leaves of its share goes to those after it.
fn rates(goal: f64, counts: &BTreeMap<Box<str>, f64>) -> HashMap<Box<str>, u32> {
    let shares: f64 = counts.values().map(|count| count.max(1.0).log10()).sum();
    let per_share = goal / shares;
    let mut extra = 0.0;
    let mut keys_left = counts.len();
    let mut rates = HashMap::with_capacity(counts.len());
    for (key, count) in counts {
        let count = count.max(1.0);
        // With all counts at 1 there are no shares: `max` takes the 1 where the product is no number.
        let mut goal = (count.log10() * per_share).max(1.0);
        #[expect(clippy::cast_precision_loss, reason = "there are far fewer keys")]
        let more = extra / keys_left as f64;
        goal += more;
        extra -= more;
        keys_left -= 1;
        let rate = if count <= goal {
            extra += goal - count;
            1.0
        } else {
            let rate = (count / goal).ceil();
            extra += goal - count / rate;
            rate
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at least 1; `as` ends at the largest"
        )]
        rates.insert(key.clone(), rate as u32);
    }
    rates
}

/// The beginning of a long key.
fn cut(key: &str) -> &str {
    let mut end = key.len().min(MAX_KEY_BYTES);
    while !key.is_char_boundary(end) {
        end -= 1;
    }
    &key[..end]
}

#[cfg(test)]
mod tests;
