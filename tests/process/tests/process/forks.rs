//! Fork: the parent's events are the parent's, the child's are the child's, and nothing hangs.

use honey_local::{Event, Server};

use super::support::{LONG, Ran, Running, assert_once, numbers, program, run};

fn fork(server: &Server, how: &str) -> Ran {
    let ran = run(program(server).args(["fork", how]));
    ran.assert_success();
    ran
}

#[test]
fn before_init_the_two_processes_have_nothing_to_do_with_each_other() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "before-init");
    ran.report("child").assert_all_delivered(5);
    ran.report("parent").assert_all_delivered(5);
    let events = server.events();
    assert_once(&events, "parent", 0..5);
    assert_once(&events, "child", 0..5);
    assert!(
        events
            .iter()
            .all(|event| event.str("from") == Some("before"))
    );
}

/// The ways in which a child finds out before it records anything that matters.
#[test]
fn after_init_the_parents_pending_events_go_out_once_and_the_childs_too() {
    for noticed_by in ["after-fork", "flush", "stats", "thread"] {
        let server = Server::start().unwrap();
        let ran = fork(&server, noticed_by);
        ran.report("child").assert_all_delivered(7);
        ran.report("parent").assert_all_delivered(10);
        let events = server.events();
        assert_once(&events, "parent", 0..10);
        assert_once(&events, "child", 0..7);
        assert_once(&events, "lost", 0..0);
        assert!(
            events
                .iter()
                .all(|event| event.str("from") == Some("before"))
        );
    }
}

#[test]
fn a_child_that_records_before_anybody_notices_loses_that_and_nothing_else() {
    for noticed_by in ["close", "drop", "exit", "end-at-once"] {
        let server = Server::start().unwrap();
        let ran = fork(&server, noticed_by);
        for report in ran.reports("child") {
            report.assert_all_delivered(0);
        }
        ran.report("parent").assert_all_delivered(10);
        let events = server.events();
        assert_once(&events, "parent", 0..10);
        assert_eq!(events.len(), 10, "{noticed_by}");
    }
}

#[test]
fn a_full_chunk_notices() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "chunk");
    let report = ran.report("child");
    report.assert_balanced();
    let (created, delivered) = (report.count("created"), report.count("delivered"));
    assert!(created == delivered && created > 10_000, "{report:?}");
    let events = server.events();
    // The first ones are lost, the rest is there without a gap.
    assert_once(&events, "child", 20_000 - created..20_000);
    assert_once(&events, "parent", 0..10);
}

#[test]
fn an_overdue_sweep_notices() {
    let server = Server::start().unwrap();
    let mut running = Running::start(program(&server).args(["fork", "sweep"]));
    let mut last = 0;
    loop {
        let news = server.events_after(last, LONG);
        assert!(!news.is_empty(), "the child never found out");
        if news.iter().any(|event| event.str("who") == Some("child")) {
            break;
        }
        last = news.iter().map(|event| event.number).max().unwrap_or(last);
    }
    running.tell();
    let ran = running.end();
    let report = ran.assert_success().report("child");
    report.assert_all_delivered(report.count("created"));
    let arrived = numbers(&server.events(), "child");
    assert_eq!(arrived.len() as u64, report.count("created"));
    // At one each 50 ms it found out after two seconds; a chunk is full only after hundreds.
    assert!(arrived[0] < 60, "after {} events", arrived[0]);
    ran.report("parent").assert_all_delivered(10);
}

#[test]
fn an_event_that_is_open_is_the_parents_and_the_childs_are_below_it() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "open-event");
    ran.report("child").assert_all_delivered(2);
    ran.report("parent").assert_all_delivered(3);
    let events = server.events();
    let requests: Vec<_> = events
        .iter()
        .filter(|event| event.name() == Some("request"))
        .collect();
    assert_eq!(requests.len(), 1);
    let below = |parent: &Event| {
        let is_below = |event: &&Event| event.parent_id() == parent.span_id();
        let below: Vec<_> = events.iter().filter(is_below).collect();
        assert!(
            below
                .iter()
                .all(|event| event.trace_id() == parent.trace_id())
        );
        below
    };
    let of_request = below(requests[0]);
    assert_eq!(
        of_request.len(),
        3,
        "two of the parent's, one of the child's"
    );
    let counted = of_request
        .iter()
        .find(|event| event.name() == Some("counted"));
    assert_eq!(below(counted.unwrap()).len(), 1);
    assert_once(&events, "child", 0..1);
    assert_once(&events, "parent", 0..2);
}

#[test]
fn isolated_clients_builders_and_overrides_mean_the_childs() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "isolated");
    ran.report("child").assert_all_delivered(6);
    ran.report("parent").assert_all_delivered(2);
    let events = server.events();
    assert_once(&events, "child", 0..5);
    assert_once(&events, "parent", 0..1);
    let of_builder = events
        .iter()
        .filter(|event| event.str("who") == Some("builder"));
    let pids: Vec<_> = of_builder.map(|event| event.u64("process.pid")).collect();
    assert_eq!(pids.len(), 2);
    assert!(pids.contains(&pid(&events, "parent")) && pids.contains(&pid(&events, "child")));
    assert!(
        events
            .iter()
            .all(|event| event.dataset.as_str() == "isolated")
    );
    // The scope that the parent got is the child's too.
    for added in ["added", "evaluated"] {
        let has_it = events
            .iter()
            .filter(|event| event.bool(added) == Some(true));
        let numbers: Vec<_> = has_it.map(|event| event.u64("number")).collect();
        assert_eq!(numbers, [Some(4)], "{added}");
    }
}

#[test]
fn a_transmission_of_the_programs_own_stays_with_the_parent() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "own-transmission");
    ran.report("child").assert_all_delivered(4);
    ran.report("parent").assert_all_delivered(1);
    ran.report("inherited").assert_all_delivered(0);
    assert_once(&server.events(), "child", 0..4);
}

#[test]
fn isolated_clients_notice_by_themselves() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "isolated-unnoticed");
    for child in ran.reports("child") {
        child.assert_all_delivered(1);
    }
    ran.report("parent").assert_all_delivered(1);
    assert_once(&server.events(), "child", 0..3);
    assert_once(&server.events(), "parent", 0..1);
}

#[test]
fn a_client_that_cannot_be_made_anew_is_as_if_it_never_was() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "own-transmission-unnoticed");
    ran.report("child").assert_all_delivered(3);
    ran.report("parent").assert_all_delivered(1);
    assert_once(&server.events(), "child", 0..3);
}

#[test]
fn responses_end_and_begin_with_the_process() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "responses");
    for child in ran.reports("child") {
        child.assert_all_delivered(3);
    }
    ran.report("parent").assert_all_delivered(1);
}

#[test]
fn a_guard_that_the_parent_dropped_at_once_is_not_the_childs() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "dropped-guard");
    ran.report("child").assert_all_delivered(3);
    ran.report("parent").assert_all_delivered(1);
    assert_once(&server.events(), "child", 0..3);
}

#[test]
fn a_queue_that_the_parent_filled_is_not_the_childs() {
    for how in ["full", "full-waiting"] {
        let server = Server::start().unwrap();
        let ran = fork(&server, how);
        ran.report("child").assert_all_delivered(7);
        ran.report("parent").assert_all_delivered(10);
        assert_once(&server.events(), "child", 0..7);
        assert_once(&server.events(), "lost", 0..0);
    }
}

#[test]
fn a_child_that_may_have_no_client_goes_on_without_one() {
    for (how, why) in [
        (
            "no-threads",
            ", and its events are lost: no thread could be had",
        ),
        ("no-descriptors", ": honey cannot"),
    ] {
        let server = Server::start().unwrap();
        let ran = fork(&server, how);
        ran.report("child").assert_all_delivered(0);
        ran.report("parent").assert_all_delivered(5);
        let said = format!("honey: after a fork, this process has no client{why}");
        assert!(ran.complained.contains(&said), "{how}: {}", ran.complained);
        assert_once(&server.events(), "lost", 0..0);
    }
}

#[test]
fn forking_while_threads_hold_every_lock_and_nobody_tells_the_child() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "busy-unnoticed");
    let children = ran.reports("child");
    assert_eq!(children.len(), 60);
    for child in children {
        // Its first event is lost, unless something had it notice before.
        let created = child.count("created");
        assert!((10..=11).contains(&created), "{child:?}");
        child.assert_all_delivered(created);
    }
    assert_eq!(numbers(&server.events(), "child").len(), 600);
}

#[test]
fn forking_while_threads_hold_every_lock() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "busy");
    assert_eq!(server.forgotten(), 0, "more than the server keeps");
    let children = ran.reports("child");
    assert_eq!(children.len(), 30);
    for child in children {
        child.assert_all_delivered(20);
    }
    let parent = ran.report("parent");
    parent.assert_all_delivered(parent.count("created"));
    let events = server.events();
    let children = numbers(&events, "child").len();
    let others = (events.len() - children) as u64;
    assert_eq!((children, others), (600, parent.count("created")));
}

#[test]
fn forking_while_other_clients_come_and_go() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "clients");
    let children = ran.reports("child");
    assert_eq!(children.len(), 30);
    for child in children {
        child.assert_all_delivered(1);
    }
}

#[test]
fn a_server_that_forks_its_workers() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "prefork");
    let children = ran.reports("child");
    assert_eq!(children.len(), 4);
    for child in children {
        child.assert_all_delivered(200);
    }
    ran.report("parent").assert_all_delivered(100);
    let events = server.events();
    assert_once(&events, "parent", 0..100);
    assert_eq!(numbers(&events, "child").len(), 800);
}

#[test]
fn a_child_that_forks_too() {
    let server = Server::start().unwrap();
    let ran = fork(&server, "twice");
    for who in ["parent", "child", "grandchild"] {
        ran.report(who).assert_all_delivered(5);
        assert_once(&server.events(), who, 0..5);
    }
    let events = server.events();
    let pids = ["parent", "child", "grandchild"].map(|who| pid(&events, who));
    assert!(pids[0] != pids[1] && pids[1] != pids[2] && pids[0] != pids[2]);
}

/// The process that all these events say they are from.
#[track_caller]
fn pid(events: &[Event], who: &str) -> Option<u64> {
    let of_who = events.iter().filter(|event| event.str("who") == Some(who));
    let mut pids: Vec<_> = of_who.map(|event| event.u64("process.pid")).collect();
    pids.dedup();
    assert!(matches!(pids[..], [Some(_)]), "{who}: {pids:?}");
    pids[0]
}
