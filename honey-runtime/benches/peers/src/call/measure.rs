//! Bursts of calls, each between a burst of the bare function and one of the floor, with everything sent in between.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::child;
use crate::peer::{Caller, Delivered, Peer, Result, Visitor, bare::Bare, bare::Floor};
use crate::server;
use crate::work::input;

/// Calls in a burst: fewer than any peer's queue holds by default, so that none drops.
const BURST: u64 = 1_000;
/// Calls inside one parent.
const FAMILY: u64 = 100;
/// Bursts before anything counts.
const WARM_UP: usize = 5;
/// How long a call comes after the last one, in the case `idle`.
const IDLE: Duration = Duration::from_micros(50);
/// Calls of a burst in the case `idle`.
const IDLE_BURST: u64 = 100;

/// How calls are made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// One after the other, each the root of a trace of its own.
    Root,
    /// The same inside an open parent.
    Child,
    /// Each a while after the last.
    Idle,
    /// Two threads at once.
    Threads,
    /// Annotated, but never set up.
    Disabled,
}

impl Case {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Child => "child",
            Self::Idle => "idle",
            Self::Threads => "threads",
            Self::Disabled => "disabled",
        }
    }

    pub(super) fn named(name: &str) -> Result<Self> {
        let all = [
            Self::Root,
            Self::Child,
            Self::Idle,
            Self::Threads,
            Self::Disabled,
        ];
        let found = all.into_iter().find(|case| case.name() == name);
        found.ok_or_else(|| format!("no case `{name}`").into())
    }
}

pub(super) struct Measure {
    pub(super) case: Case,
    pub(super) bursts: usize,
    pub(super) url: String,
}

/// Nanoseconds a call, burst by burst.
#[derive(Default)]
struct Times {
    bare: Vec<f64>,
    floor: Vec<f64>,
    peer: Vec<f64>,
}

impl Visitor for Measure {
    fn visit<P: Peer>(self, mut peer: P) -> Result<()> {
        let before = server::stats(&self.url)?;
        let (times, offered) = match self.case {
            Case::Threads => self.two_threads(&mut peer),
            _ => self.one_thread(&mut peer),
        };
        let arrived = match peer.delivered() {
            Delivered::Counted(events) => events,
            Delivered::AtServer => (server::stats(&self.url)? - before).events,
            Delivered::Nothing => offered,
        };
        // Who is not set up delivers nothing.
        let expected = if self.case == Case::Disabled {
            0
        } else {
            offered
        };
        if arrived != expected {
            return Err(format!("{expected} events offered, {arrived} arrived").into());
        }
        child::print(&json!({
            "ns": child::median(times.peer),
            "bare_ns": child::median(times.bare),
            "floor_ns": child::median(times.floor),
            "clock_ns": clock_ns(),
            "calls": offered,
            "delivered": arrived,
        }))
    }
}

impl Measure {
    fn one_thread<P: Peer>(&self, peer: &mut P) -> (Times, u64) {
        let (mut bare, mut floor, mut caller) = (Bare, Floor::default(), peer.caller());
        let mut times = Times::default();
        let mut offered = 0;
        for burst in 0..self.bursts + WARM_UP {
            let (bare_ns, _) = self.burst(&mut bare);
            let (floor_ns, _) = self.burst(&mut floor);
            let (peer_ns, events) = self.burst(&mut caller);
            offered += events;
            peer.drain(offered);
            if burst >= WARM_UP {
                times.bare.push(bare_ns);
                times.floor.push(floor_ns);
                times.peer.push(peer_ns);
            }
        }
        (times, offered)
    }

    /// Nanoseconds a call, and how many events it made.
    fn burst<C: Caller>(&self, caller: &mut C) -> (f64, u64) {
        match self.case {
            Case::Child => child_burst(caller),
            Case::Idle => idle_burst(caller),
            Case::Root | Case::Threads | Case::Disabled => root_burst(caller),
        }
    }

    fn two_threads<P: Peer>(&self, peer: &mut P) -> (Times, u64) {
        let bursts = self.bursts + WARM_UP;
        let barrier = Barrier::new(3);
        let mut callers = [peer.caller(), peer.caller()];
        let mut offered = 0;
        let results = std::thread::scope(|threads| {
            let running = callers.each_mut().map(|caller| {
                threads.spawn(|| {
                    let (mut bare, mut floor) = (Bare, Floor::default());
                    let mut times = Times::default();
                    for burst in 0..bursts {
                        // Both threads do each of the three at the same time.
                        barrier.wait();
                        let (bare_ns, _) = root_burst(&mut bare);
                        barrier.wait();
                        let (floor_ns, _) = root_burst(&mut floor);
                        barrier.wait();
                        let (peer_ns, _) = root_burst(caller);
                        barrier.wait();
                        if burst >= WARM_UP {
                            times.bare.push(bare_ns);
                            times.floor.push(floor_ns);
                            times.peer.push(peer_ns);
                        }
                    }
                    times
                })
            });
            for _ in 0..bursts {
                for _ in 0..4 {
                    barrier.wait();
                }
                offered += 2 * BURST;
                peer.drain(offered);
            }
            running.map(|thread| thread.join().unwrap_or_default())
        });
        let mut all = Times::default();
        for times in results {
            all.bare.extend(times.bare);
            all.floor.extend(times.floor);
            all.peer.extend(times.peer);
        }
        (all, offered)
    }
}

/// One reading of the clock.
fn clock_ns() -> f64 {
    let readings = (0..WARM_UP).map(|_| {
        let began = Instant::now();
        for _ in 0..BURST {
            std::hint::black_box(Instant::now());
        }
        per_call(began.elapsed(), BURST)
    });
    child::median(readings)
}

#[expect(clippy::cast_precision_loss, reason = "nanoseconds of a burst")]
fn per_call(took: Duration, calls: u64) -> f64 {
    took.as_nanos() as f64 / calls as f64
}

fn root_burst<C: Caller>(caller: &mut C) -> (f64, u64) {
    let began = Instant::now();
    for n in 0..BURST {
        caller.call(input(n));
    }
    (per_call(began.elapsed(), BURST), BURST)
}

/// The parents' cost is in it: one for a hundred calls.
fn child_burst<C: Caller>(caller: &mut C) -> (f64, u64) {
    let families = BURST / FAMILY;
    let began = Instant::now();
    for _ in 0..families {
        caller.in_parent(|caller| {
            for n in 0..FAMILY {
                caller.call(input(n));
            }
        });
    }
    let parents = if C::HAS_PARENTS { families } else { 0 };
    (per_call(began.elapsed(), BURST), BURST + parents)
}

/// The median of single calls. The clock's two readings are in it, and in the bare function's figure beside it.
fn idle_burst<C: Caller>(caller: &mut C) -> (f64, u64) {
    let mut times = Vec::new();
    for n in 0..IDLE_BURST {
        let idle_since = Instant::now();
        while idle_since.elapsed() < IDLE {
            std::hint::spin_loop();
        }
        let began = Instant::now();
        caller.call(input(n));
        times.push(per_call(began.elapsed(), 1));
    }
    (child::median(times), IDLE_BURST)
}
