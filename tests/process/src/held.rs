//! Forks while threads of the parent are in the midst of something: in the child they stand there for ever.

use std::fmt;
use std::future::Future as _;
use std::io::Write as _;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use honey::Guard;

use crate::report::{report, report_but};
use crate::system::{Forked, fork, wait};
use crate::{LONG, NEVER, config, init, job, jobs, leave_to_parent};

pub(crate) fn run(what: &str) {
    match what {
        "callbacks" => callbacks(),
        "stderr" => stderr(),
        "lock" => lock(),
        other => unreachable!("{other}"),
    }
}

/// A child may take ten seconds to find that it has no client; the test gives up later than this.
const LONGEST: Duration = Duration::from_mins(2);

/// Where threads of one process stand until it lets them go on. Those of other processes pass by.
struct Gate {
    of: AtomicU32,
    standing: AtomicU32,
}

impl Gate {
    const fn new() -> Self {
        Self {
            of: AtomicU32::new(0),
            standing: AtomicU32::new(0),
        }
    }

    fn shut(&self) {
        self.of.store(std::process::id(), Ordering::SeqCst);
    }

    fn open(&self) {
        self.of.store(0, Ordering::SeqCst);
    }

    fn pass(&self) {
        let is_shut = || self.of.load(Ordering::SeqCst) == std::process::id();
        if is_shut() {
            self.standing.fetch_add(1, Ordering::SeqCst);
            until("opens the gate", || !is_shut());
            self.standing.fetch_sub(1, Ordering::SeqCst);
        }
    }

    fn wait_for(&self, standing: u32) {
        until("stands there", || {
            self.standing.load(Ordering::SeqCst) >= standing
        });
    }
}

/// Waits for another thread. The process ends when nobody comes: a panic may be one that honey is to keep from it.
fn until(nobody: &str, mut is_so: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_so() {
        if started.elapsed() > LONGEST {
            let _ = writeln!(std::io::stderr(), "nobody {nobody}");
            std::process::abort();
        }
        thread::yield_now();
    }
}

static GATE: Gate = Gate::new();

/// Shown by a thread that stands in the midst of it.
struct Slow;

impl fmt::Display for Slow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        GATE.pass();
        f.write_str("slow")
    }
}

/// Threads stand in all of the program's own code that honey runs: in a `Display`, a dynamic field, `before_send`, the functions for
/// diagnostics and responses. A flush waits for them.
fn callbacks() {
    let guard = honey::init(
        config()
            .send_frequency(Duration::from_millis(1))
            .on_diagnostic(|_, _| GATE.pass())
            .on_response(|_| GATE.pass())
            .before_send(|event| {
                if event
                    .get("who")
                    .is_some_and(|who| who.as_str() == Some("before-send"))
                {
                    GATE.pass();
                }
            }),
    )
    .unwrap();
    jobs("parent", 0..1);
    assert!(honey::flush(LONG));
    GATE.shut();
    let threads = stand_everywhere();
    GATE.wait_for(5);
    let mut flushed = pin!(honey::flush_async(NEVER));
    let mut context = Context::from_waker(Waker::noop());
    assert!(flushed.as_mut().poll(&mut context).is_pending());
    // With this one, as many as may wait in one process.
    let _others: Vec<_> = (0..31).map(|_| honey::flush_async(NEVER)).collect();
    for is_told in [true, false] {
        if let Forked::Parent(child) = fork() {
            assert!(wait(child), "a child failed");
            continue;
        }
        leave_to_parent(threads);
        if is_told {
            honey::after_fork();
        } else {
            job("lost", 0);
        }
        // What the parent began to wait for will not come here.
        assert_eq!(flushed.as_mut().poll(&mut context), Poll::Ready(false));
        job("child", 0);
        honey::global().add_field("slow", honey::display(&Slow));
        let mut flushed = pin!(honey::flush_async(LONG));
        until("flushes", || {
            let is_settled = flushed.as_mut().poll(&mut context);
            assert_ne!(is_settled, Poll::Ready(false));
            is_settled.is_ready()
        });
        jobs("child", 1..10);
        return report("child", &guard.close(LONG));
    }
    GATE.open();
    for thread in threads {
        thread.join().unwrap();
    }
    report("parent", &guard.close(LONG));
}

fn stand_everywhere() -> Vec<JoinHandle<()>> {
    // Brings a response.
    honey::start_child("discarded").handle().discard();
    // Brings a diagnostic, since there is a function for them.
    let _ = honey::responses();
    honey::global().add_dynamic_field("slow", || {
        let is_chosen = thread::current().name() == Some("slow");
        if is_chosen {
            GATE.pass();
        }
        is_chosen
    });
    job("before-send", 0);
    let named = thread::Builder::new().name("slow".to_owned());
    vec![
        thread::spawn(|| honey::global().add_field("slow", honey::display(&Slow))),
        named.spawn(|| job("parent", 1)).unwrap(),
    ]
}

/// A thread of the parent's holds standard error, as one that writes to it does. The child has something to say.
fn stderr() {
    let guard = honey::init(config().send_frequency(NEVER).max_pending_events(10)).unwrap();
    let Some(guard) = child_while(guard, || {
        let _held = std::io::stderr().lock();
        GATE.pass();
    }) else {
        return;
    };
    jobs("child", 0..11);
    report("child", &guard.close(LONG));
}

/// Forks while a thread does `hold`, which passes the gate with something in hand. The guard in the child; the parent has made its
/// report when the child has ended.
fn child_while(guard: Guard, hold: fn()) -> Option<Guard> {
    GATE.shut();
    let thread = thread::spawn(hold);
    GATE.wait_for(1);
    if let Forked::Parent(child) = fork() {
        assert!(wait(child), "the child failed");
        GATE.open();
        thread.join().unwrap();
        report("parent", &guard.close(LONG));
        return None;
    }
    leave_to_parent(thread);
    honey::after_fork();
    Some(guard)
}

static LOCK: Mutex<u64> = Mutex::new(0);

/// Evaluated when a client is made.
#[honey::dynamic_field(name = "held", once)]
fn held() -> u64 {
    *LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A lock of the program's own stays locked in the child, and to make a client the child would need it.
fn lock() {
    let guard = init();
    jobs("parent", 0..5);
    let Some(guard) = child_while(guard, || {
        let _held = LOCK.lock();
        GATE.pass();
    }) else {
        return;
    };
    jobs("lost", 0..5);
    assert!(honey::flush(LONG));
    assert_eq!(honey::stats().created, 0);
    // Who makes the client stands at the lock.
    report_but("honey-fork", "child", &guard.close(LONG));
}
