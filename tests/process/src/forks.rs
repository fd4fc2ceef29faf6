//! Processes that fork, before or after there is a client.

use std::io::Read as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use honey::{Client, Guard};

use crate::report::{report, report_but};
use crate::system::{
    Forked, become_nobody, end_at_once, fork, limit_descriptors, limit_threads, wait,
};
use crate::{LONG, NEVER, config, init, job, jobs, leave_to_parent};

/// Jobs of a busy thread: however slow the machine, all threads' are no more than the server keeps, which is 256 MiB or some 95,000.
const MOST_JOBS: u32 = 15_000;
/// Children of the servers here.
const CHILDREN: u32 = 4;

pub(crate) fn run(how: &str) {
    match how {
        "before-init" => before_init(),
        "open-event" => open_event(),
        "isolated" => isolated(),
        "isolated-unnoticed" => isolated_unnoticed(),
        "own-transmission" => own_transmission(),
        "own-transmission-unnoticed" => own_transmission_unnoticed(),
        "responses" => responses(),
        "dropped-guard" => dropped_guard(),
        "full" => full(None),
        "full-waiting" => full(Some(NEVER)),
        "no-threads" => refused(|| {
            become_nobody();
            limit_threads(1);
        }),
        "no-descriptors" => refused(|| limit_descriptors(3)),
        "busy" => busy(),
        "busy-unnoticed" => busy_unnoticed(),
        "clients" => clients(),
        "prefork" => prefork(),
        "twice" => twice(),
        noticed_by => after_init(noticed_by),
    }
}

/// Both processes are alike, and know nothing of each other.
fn before_init() {
    honey::global().add_field("from", "before");
    let forked = fork();
    let guard = init();
    match forked {
        Forked::Child => {
            jobs("child", 0..5);
            report("child", &guard.close(LONG));
        }
        Forked::Parent(child) => {
            jobs("parent", 0..5);
            report("parent", &guard.close(LONG));
            assert!(wait(child));
        }
    }
}

/// The parent has events pending; the child finds out in one of several ways.
fn after_init(noticed_by: &str) {
    let frequency = if noticed_by == "sweep" {
        Duration::from_millis(20)
    } else {
        NEVER
    };
    let guard = honey::init(config().send_frequency(frequency)).unwrap();
    honey::global().add_field("from", "before");
    jobs("parent", 0..5);
    if let Forked::Parent(child) = fork() {
        jobs("parent", 5..10);
        assert!(wait(child), "the child failed");
        return report("parent", &guard.close(LONG));
    }
    match noticed_by {
        "after-fork" => {
            honey::after_fork();
            jobs("child", 0..7);
        }
        "flush" => {
            assert!(honey::flush(LONG));
            jobs("child", 0..7);
        }
        "stats" => {
            assert_eq!(honey::stats().created, 0);
            jobs("child", 0..7);
        }
        "thread" => {
            let _ = thread::spawn(|| job("lost", 0)).join();
            jobs("child", 0..7);
        }
        "chunk" => jobs("child", 0..20_000),
        "sweep" => until_told(&mut 0),
        "close" => jobs("lost", 0..7),
        "drop" => {
            jobs("lost", 0..7);
            return drop(guard);
        }
        "exit" => {
            jobs("lost", 0..7);
            std::process::exit(0);
        }
        "end-at-once" => end_at_once(),
        other => unreachable!("{other}"),
    }
    report("child", &guard.close(LONG));
}

/// Records until the test closes stdin.
fn until_told(number: &mut u32) {
    static IS_TOLD: AtomicBool = AtomicBool::new(false);
    thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        IS_TOLD.store(true, Ordering::Relaxed);
    });
    while !IS_TOLD.load(Ordering::Relaxed) {
        job("child", *number);
        *number += 1;
        // So slowly that no chunk is full before the sweep is overdue.
        thread::sleep(Duration::from_millis(50));
    }
}

/// An event that is open at the fork is the parent's; what the child does inside is below it.
fn open_event() {
    let guard = init();
    let in_child = request();
    report(
        if in_child { "child" } else { "parent" },
        &guard.close(LONG),
    );
}

#[honey::event]
fn request() -> bool {
    // Its buffer is the one that the child's first event finds.
    job("parent", 0);
    let forked = fork();
    if let Forked::Parent(child) = forked {
        job("parent", 1);
        assert!(wait(child));
        return false;
    }
    honey::after_fork();
    let open = honey::in_child_event("counted", || {
        job("child", 0);
        honey::stats().open
    });
    assert_eq!(open, 1, "the child's own");
    true
}

/// Clients of their own, Builders and overrides mean the child's.
fn isolated() {
    let client = Client::new(config().dataset("isolated").default_fields(true)).unwrap();
    let scope = client.scope();
    let mut builder = client.builder();
    builder.add_field("who", "builder");
    builder.new_event().send();
    let mut in_child = false;
    honey::with_client(&client, || {
        job("parent", 0);
        let forked = fork();
        if let Forked::Parent(child) = forked {
            assert!(wait(child));
            return;
        }
        in_child = true;
        honey::after_fork();
        jobs("child", 0..3);
    });
    if in_child {
        builder.new_event().send();
        honey::with_client(&client, || job("child", 3));
        scope.add_field("added", true);
        scope.add_dynamic_field("evaluated", || true);
        let other = client.clone();
        honey::with_client(&other, || job("child", 4));
    }
    report(
        if in_child { "child" } else { "parent" },
        &client.close(LONG),
    );
}

/// A transmission of the program's own cannot be made anew: the child has no client until it makes one.
fn own_transmission() {
    let writer = honey::transmission::Writer::new(std::io::sink());
    let guard = honey::init(config().transmission(writer).silent()).unwrap();
    let builder = honey::Builder::new();
    job("parent", 0);
    if let Forked::Parent(child) = fork() {
        assert!(wait(child));
        return report("parent", &guard.close(LONG));
    }
    honey::after_fork();
    job("lost", 0);
    let own = init();
    jobs("child", 0..3);
    let mut event = builder.new_event();
    event.add_field("who", "child");
    event.add_field("number", 3);
    event.send();
    report("child", &own.close(LONG));
    report("inherited", &guard.close(LONG));
}

/// Nobody has told this child that it is one: its first words to honey are to an isolated client, make one, or drop one.
fn isolated_unnoticed() {
    let client = Client::new(config()).unwrap();
    job_of(&client, "parent", 0);
    for number in 0..3 {
        if let Forked::Parent(child) = fork() {
            assert!(wait(child));
            continue;
        }
        let client = match number {
            0 => client,
            1 => {
                let own = Client::new(config()).unwrap();
                drop(client);
                own
            }
            // Nothing is left of it, no thread either.
            _ => {
                drop(client);
                Client::new(config()).unwrap()
            }
        };
        job_of(&client, "child", number);
        return report("child", &client.close(LONG));
    }
    report("parent", &client.close(LONG));
}

fn job_of(client: &Client, who: &'static str, number: u32) {
    let mut event = client.builder().new_event();
    event.add_field("who", who);
    event.add_field("number", number);
    event.send();
}

/// The child makes a client of its own without a word before, and what it has inherited answers like one that never was.
fn own_transmission_unnoticed() {
    let writer = honey::transmission::Writer::new(std::io::sink());
    let inherited = Client::new(config().transmission(writer).silent()).unwrap();
    let writer = honey::transmission::Writer::new(std::io::sink());
    let guard = honey::init(config().transmission(writer).silent()).unwrap();
    job("parent", 0);
    job_of(&inherited, "parent", 1);
    if let Forked::Parent(child) = fork() {
        assert!(wait(child));
        let _ = inherited.close(LONG);
        return report("parent", &guard.close(LONG));
    }
    let own = init();
    jobs("child", 0..3);
    assert_eq!(inherited.stats().created, 0);
    assert!(inherited.flush(LONG));
    report("child", &own.close(LONG));
}

/// The parent's responses end in the child; those that it asks for itself are its own.
fn responses() {
    let guard = init();
    let of_parent = honey::responses();
    job("parent", 0);
    assert!(honey::flush(LONG));
    for asks_first in [true, false] {
        if let Forked::Parent(child) = fork() {
            assert!(wait(child), "a child failed");
            continue;
        }
        if asks_first {
            assert!(of_parent.try_recv().is_none());
        }
        return responses_of_child(&of_parent, guard);
    }
    assert!(of_parent.try_recv().is_some());
    report("parent", &guard.close(LONG));
}

fn responses_of_child(of_parent: &honey::Responses, guard: Guard) {
    assert_eq!(
        of_parent.recv_timeout(NEVER).err(),
        Some(honey::RecvError::Closed)
    );
    let own = honey::responses();
    jobs("child", 0..3);
    assert!(honey::flush(LONG));
    assert!((0..3).all(|_| own.try_recv().is_some()));
    assert!(of_parent.try_recv().is_none());
    report("child", &guard.close(LONG));
}

/// The parent has dropped its guard at once, and looks out for an event, to say so. The child has a client of its own, and counts
/// nothing of that.
fn dropped_guard() {
    drop(honey::init(config().silent()).unwrap());
    let forked = fork();
    let guard = init();
    if let Forked::Parent(child) = forked {
        job("parent", 0);
        assert!(wait(child));
        return report("parent", &guard.close(LONG));
    }
    jobs("child", 0..3);
    report("child", &guard.close(LONG));
}

/// The parent's queue is full: what the child records first finds no room, waits for none, and notices.
fn full(block_on_send: Option<Duration>) {
    let config = config().send_frequency(NEVER).max_pending_events(10);
    let config = match block_on_send {
        Some(longest) => config.block_on_send(longest),
        None => config,
    };
    let guard = honey::init(config.silent()).unwrap();
    jobs("parent", 0..10);
    if let Forked::Parent(child) = fork() {
        assert!(wait(child));
        return report("parent", &guard.close(LONG));
    }
    job("lost", 0);
    jobs("child", 0..7);
    report("child", &guard.close(LONG));
}

/// The child may not have what a client needs: it goes on without one.
fn refused(limit: fn()) {
    let guard = init();
    jobs("parent", 0..5);
    if let Forked::Parent(child) = fork() {
        assert!(wait(child));
        return report("parent", &guard.close(LONG));
    }
    limit();
    honey::after_fork();
    jobs("lost", 0..5);
    assert!(honey::flush(LONG));
    report("child", &guard.close(LONG));
}

/// The same locks as in [`busy`], but nobody tells the child: whatever it waits for first, it notices.
fn busy_unnoticed() {
    static IS_OVER: AtomicBool = AtomicBool::new(false);
    let guard = honey::init(config().send_frequency(Duration::from_millis(1))).unwrap();
    let until_over = |work: fn()| {
        thread::spawn(move || {
            while !IS_OVER.load(Ordering::Relaxed) {
                work();
            }
        })
    };
    let threads = [
        until_over(|| honey::global().add_field("changed", 1)),
        until_over(|| honey::global().add_field("changed", 2)),
        until_over(|| honey::start_child("short").handle().discard()),
        until_over(|| drop(honey::stats())),
    ];
    for _ in 0..60 {
        if let Forked::Parent(child) = fork() {
            assert!(wait(child), "a child failed");
            continue;
        }
        leave_to_parent(threads);
        job("lost", 0);
        honey::global().add_field("changed", 3);
        assert!(honey::flush(LONG));
        jobs("child", 0..10);
        return report("child", &guard.close(LONG));
    }
    IS_OVER.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().unwrap();
    }
    report("parent", &guard.close(LONG));
}

/// Locks are held all the time when it forks: threads record and come and go, flush, ask for the balance,
/// change the scope.
fn busy() {
    static IS_OVER: AtomicBool = AtomicBool::new(false);
    let guard = honey::init(config().send_frequency(Duration::from_millis(1))).unwrap();
    let mut threads = Vec::new();
    for _ in 0..3 {
        threads.push(thread::spawn(|| {
            let mut number = 0;
            while !IS_OVER.load(Ordering::Relaxed) {
                if number < MOST_JOBS {
                    jobs("parent", number..number + 20);
                    number += 20;
                    let _ = thread::spawn(|| job("short", 0)).join();
                }
                // No more than the server can take.
                assert!(honey::flush(LONG));
            }
        }));
    }
    threads.push(thread::spawn(|| {
        while !IS_OVER.load(Ordering::Relaxed) {
            honey::global().add_field("changed", honey::stats().created);
        }
    }));
    for _ in 0..30 {
        if let Forked::Parent(child) = fork() {
            assert!(wait(child), "a child failed");
            continue;
        }
        // The threads are the parent's; whatever they held is held for ever.
        leave_to_parent(threads);
        honey::after_fork();
        jobs("child", 0..10);
        thread::spawn(|| jobs("child", 10..20)).join().unwrap();
        assert!(honey::flush(LONG));
        return report("child", &guard.close(LONG));
    }
    IS_OVER.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().unwrap();
    }
    report("parent", &guard.close(LONG));
}

/// A thread of the parent makes and closes other clients all the time: that costs no child the one it has.
fn clients() {
    static IS_OVER: AtomicBool = AtomicBool::new(false);
    let guard = init();
    let others = thread::spawn(|| {
        while !IS_OVER.load(Ordering::Relaxed) {
            drop(Client::new(config().api_host("")));
        }
    });
    for _ in 0..30 {
        if let Forked::Parent(child) = fork() {
            assert!(wait(child), "a child failed");
            continue;
        }
        leave_to_parent(others);
        honey::after_fork();
        job("child", 0);
        // What others it has goes on.
        return report_but("honey-ship", "child", &guard.close(LONG));
    }
    IS_OVER.store(true, Ordering::Relaxed);
    others.join().unwrap();
    report("parent", &guard.close(LONG));
}

/// A server that starts once and lets its children serve.
fn prefork() {
    let guard = init();
    jobs("parent", 0..50);
    let mut children = Vec::new();
    for _ in 0..CHILDREN {
        match fork() {
            Forked::Parent(child) => children.push(child),
            Forked::Child => return serve(guard),
        }
    }
    jobs("parent", 50..100);
    for child in children {
        assert!(wait(child), "a child failed");
    }
    report("parent", &guard.close(LONG));
}

fn serve(guard: Guard) {
    honey::after_fork();
    let other = thread::spawn(|| jobs("child", 0..100));
    jobs("child", 100..200);
    other.join().unwrap();
    report("child", &guard.close(LONG));
}

/// A child that forks too.
fn twice() {
    let guard = init();
    jobs("parent", 0..5);
    if let Forked::Parent(child) = fork() {
        assert!(wait(child));
        return report("parent", &guard.close(LONG));
    }
    honey::after_fork();
    jobs("child", 0..5);
    if let Forked::Parent(child) = fork() {
        assert!(wait(child));
        return report("child", &guard.close(LONG));
    }
    honey::after_fork();
    jobs("grandchild", 0..5);
    report("grandchild", &guard.close(LONG));
}
