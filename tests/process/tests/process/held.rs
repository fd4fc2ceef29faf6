//! Forks while threads of the parent stand in the midst of something: no child waits for them.

use std::time::Duration;

use honey_local::Server;

use super::support::{Ran, assert_once, program, run};

fn held(server: &Server, what: &str) -> Ran {
    let ran = run(program(server).args(["held", what]));
    ran.assert_success();
    ran
}

#[test]
fn threads_in_the_programs_own_code() {
    let server = Server::start().unwrap();
    let ran = held(&server, "callbacks");
    let children = ran.reports("child");
    assert_eq!(children.len(), 2);
    for child in children {
        child.assert_all_delivered(10);
    }
    let parent = ran.report("parent");
    parent.assert_balanced();
    let counts = ["created", "delivered", "discarded"].map(|name| parent.count(name));
    assert_eq!(counts, [4, 3, 1]);
    let events = server.events();
    assert_once(&events, "parent", 0..2);
    assert_once(&events, "before-send", 0..1);
    assert_once(&events, "lost", 0..0);
    let of_children = events
        .iter()
        .filter(|event| event.str("who") == Some("child"));
    assert_eq!(of_children.count(), 20);
}

#[test]
fn a_thread_that_writes_to_stderr() {
    let server = Server::start().unwrap();
    let ran = held(&server, "stderr");
    let child = ran.report("child");
    child.assert_balanced();
    let counts = ["created", "delivered", "dropped"].map(|name| child.count(name));
    assert_eq!(counts, [11, 10, 1]);
    assert!(
        ran.complained.contains("the queue is full"),
        "{}",
        ran.complained
    );
    ran.report("parent").assert_all_delivered(0);
    assert_once(&server.events(), "child", 0..10);
}

/// The child cannot have a client, for the program's own code that is needed for it waits for ever: it goes on without one.
#[test]
fn a_thread_with_a_lock_that_the_child_needs() {
    let server = Server::start().unwrap();
    let ran = held(&server, "lock");
    ran.report("child").assert_all_delivered(0);
    ran.report("parent").assert_all_delivered(5);
    assert!(ran.took > Duration::from_secs(10), "{:?}", ran.took);
    let why = "honey: after a fork, this process has no client, and its events are lost: 10 s did not suffice";
    assert!(ran.complained.contains(why), "{}", ran.complained);
    assert_once(&server.events(), "parent", 0..5);
    assert_once(&server.events(), "lost", 0..0);
}
