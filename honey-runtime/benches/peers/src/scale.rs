//! honey alone: what an event costs as threads, fields, events and destinations grow.

use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::child;
use crate::options::Options;
use crate::peer::Result;
use crate::server::{self, Server};
use crate::usage;
use crate::work::{input, work};

/// Longer than any run.
const PATIENCE: Duration = Duration::from_mins(5);
const MOST_FIELDS: usize = 200;

/// Threads again, with glibc's allocator keeping one heap for all of them instead of up to eight for each processor.
pub(crate) const ONE_ARENA: &str = "threads-one-arena";

/// What grows, to which values, and how many events each gets.
#[rustfmt::skip]
const AXES: [(&str, &[u64], u64); 5] = [
    ("threads", &[1, 2, 4, 8, 16, 32, 64], 1_000_000),
    (ONE_ARENA, &[1, 64], 1_000_000),
    ("fields", &[1, 5, 20, 50, 100, 200], 1_000_000),
    ("events", &[10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000], 0),
    ("destinations", &[1, 10, 100, 1_000], 1_000_000),
];

pub(crate) fn all(options: &Options) -> Result<()> {
    let rounds: usize = options.number("rounds", 3)?;
    let most: u64 = options.number("events", 10_000_000)?;
    let server = Server::start()?;
    for (axis, values, events) in AXES {
        for &value in values {
            // Wide events are fewer, for they are as many bytes.
            let events = match axis {
                "events" => value,
                "fields" => events * 5 / value.max(5),
                _ => events,
            };
            if events > most {
                continue;
            }
            child::progress(&format!("scale: {value} {axis}"));
            let results = (0..rounds)
                .map(|_| cell(axis, value, events, &server.url))
                .collect::<Result<Vec<_>>>()?;
            let mut result =
                json!({ "table": "scale", "axis": axis, "value": value, "events": events });
            for key in [
                "caller_ns",
                "cpu_us",
                "per_second",
                "peak_mib",
                "wire_bytes",
            ] {
                result[key] = json!(child::median_of(&results, key));
            }
            child::print(&result)?;
        }
    }
    Ok(())
}

/// One cell of the table, in a process of its own; fails unless the server has exactly these events.
#[expect(clippy::cast_precision_loss, reason = "bytes of a run")]
fn cell(axis: &str, value: u64, events: u64, url: &str) -> Result<Value> {
    let before = server::stats(url)?;
    let mut command = Command::new(std::env::current_exe()?);
    let axis_option = if axis == ONE_ARENA {
        command.env("MALLOC_ARENA_MAX", "1");
        "--threads".to_owned()
    } else {
        format!("--{axis}")
    };
    command.args(["scale-one", "--url", url, "--events", &events.to_string()]);
    command.args([&axis_option, &value.to_string()]);
    let mut result = child::run_command(&mut command)?;
    let counted = server::stats(url)? - before;
    if counted.events != events {
        return Err(format!(
            "{value} {axis}: {events} events offered, {} arrived",
            counted.events
        )
        .into());
    }
    result["wire_bytes"] = json!(counted.body_bytes as f64 / events as f64);
    Ok(result)
}

/// What one thread of the application does.
#[derive(Clone, Copy)]
enum Load {
    /// The annotated call.
    Calls,
    /// An event with so many fields.
    Fields(usize),
    /// Events to so many datasets in turn.
    Destinations(usize),
}

/// One cell: sends, waits for all confirmations, prints the cost.
pub(crate) fn one(options: &Options) -> Result<()> {
    let events: u64 = options.number("events", 0)?;
    let threads: u64 = options.number("threads", 1)?;
    let load = match (
        options.number("fields", 0)?,
        options.number("destinations", 0)?,
    ) {
        (0, 0) => Load::Calls,
        (0, destinations) => Load::Destinations(destinations),
        (fields, _) => Load::Fields(fields),
    };
    let config = honey::Config::new("a-key")
        .service_name("peers")
        .default_fields(false)
        .api_host(options.text("url")?)
        .block_on_send(PATIENCE);
    let guard = honey::init(config)?;
    let keys: Vec<&'static str> = (0..MOST_FIELDS)
        .map(|n| &*format!("field.{n}").leak())
        .collect();

    let cpu_before = usage::of_process().cpu;
    let began = Instant::now();
    let caller_cpu = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads)
            .map(|thread| {
                let share = events / threads + u64::from(thread < events % threads);
                let keys = &keys;
                scope.spawn(move || run(load, share, keys))
            })
            .collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap_or_default())
            .sum::<Duration>()
    });
    let confirmed = honey::flush(PATIENCE);
    let seconds = began.elapsed().as_secs_f64();
    let used = usage::of_process();
    let stats = guard.close(PATIENCE).stats;
    if !confirmed || !stats.is_balanced() || stats.delivered() != events {
        return Err(format!("{events} events offered: {stats}").into());
    }
    print_cost(
        events,
        seconds,
        caller_cpu,
        used.cpu.saturating_sub(cpu_before),
        used.peak_kib,
    )
}

/// Makes the events; returns the CPU time this thread took for that.
fn run(load: Load, events: u64, keys: &[&'static str]) -> Duration {
    let before = usage::of_thread().cpu;
    match load {
        Load::Calls => (0..events).for_each(|n| call(input(n).user_id, input(n).label)),
        Load::Fields(fields) => (0..events).for_each(|n| wide(n, &keys[..fields])),
        Load::Destinations(destinations) => {
            let builders: Vec<honey::Builder> = (0..destinations)
                .map(|n| {
                    let mut builder = honey::Builder::new();
                    builder.set_dataset(format!("dataset-{n}"));
                    builder
                })
                .collect();
            for (n, builder) in (0..events).zip(builders.iter().cycle()) {
                let mut event = builder.new_event();
                fill(&mut event, n);
                event.send();
            }
        }
    }
    usage::of_thread().cpu.saturating_sub(before)
}

#[honey::event(fields(user_id, label))]
fn call(user_id: u64, label: &str) {
    let found = work(user_id, label);
    let event = honey::current();
    event.add_field("cache.hit", found.cache_hit);
    event.add_field("total", found.total);
    event.add_field("tier", found.tier);
}

fn fill(event: &mut honey::Event, n: u64) {
    let input = input(n);
    let found = work(input.user_id, input.label);
    event.add_field("name", "call");
    event.add_field("user_id", input.user_id);
    event.add_field("label", input.label);
    event.add_field("total", found.total);
    event.add_field("tier", found.tier);
}

/// Half numbers, half texts.
fn wide(n: u64, keys: &[&'static str]) {
    let mut event = honey::Event::new();
    for (place, key) in keys.iter().enumerate() {
        if place % 2 == 0 {
            event.add_field(*key, n.wrapping_mul(place as u64 + 1) % 100_000);
        } else {
            event.add_field(*key, input(n + place as u64).label);
        }
    }
    event.send();
}

#[expect(clippy::cast_precision_loss, reason = "times of a run")]
fn print_cost(
    events: u64,
    seconds: f64,
    caller_cpu: Duration,
    cpu: Duration,
    peak_kib: u64,
) -> Result<()> {
    let count = events as f64;
    child::print(&json!({
        "caller_ns": caller_cpu.as_secs_f64() * 1e9 / count,
        "cpu_us": cpu.as_secs_f64() * 1e6 / count,
        "per_second": count / seconds,
        "peak_mib": peak_kib as f64 / 1024.0,
    }))
}
