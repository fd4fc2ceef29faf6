use std::time::{Duration, Instant};

use super::desk::{Desk, Lot, Plan, Reach};
use super::held::HeldTraces;
use super::review::{Review, Reviewer};
use crate::dispatch::Budget;
use crate::record::{Chunk, FieldBuffer, TraceId};
use crate::response::Ending;
use crate::sampling::{HoldLimits, Rate, TailRules, Verdict};
use crate::sender::book::Book;
use crate::sender::courtesy::Courtesy;
use crate::sender::events::Run;
use crate::sender::settings::Keeping;
use crate::sender::settle::Done;
use crate::sender::testing::{Put, destination, fields, record, snapshot, timed};

const LIMITS: HoldLimits = HoldLimits {
    age: Duration::from_secs(30),
    events: 1_000,
    bytes: 1_000_000,
    trace_events: 100,
};

/// An event of a chunk by hand.
#[derive(Clone, Copy)]
enum Made {
    Root(u128),
    Child(u128),
    ByHand,
}

fn run(made: &[Made], epoch: u64) -> Run {
    let scope = snapshot(destination("", "d"), FieldBuffer::new());
    let mut chunk = Chunk::default();
    for (number, made) in (0_i64..).zip(made) {
        let (id, is_local_root) = match *made {
            Made::Root(id) => (Some(id), true),
            Made::Child(id) => (Some(id), false),
            Made::ByHand => (None, false),
        };
        let mut record = record();
        record.timed = id.map(|id| crate::record::Timed {
            trace_id: TraceId::new(id),
            is_local_root,
            ..timed(Ending::Ok)
        });
        chunk.push(record, &fields([("n", Put::from(number))]), &scope);
    }
    Run::whole(chunk, epoch)
}

fn lay_out(desk: &mut Desk, arrived: Vec<Run>, now: Instant, is_complete: bool) -> Vec<Lot> {
    let reach = if is_complete {
        Reach::Complete
    } else {
        Reach::Inbox
    };
    desk.lay_out(arrived, now, reach, &mut Vec::new())
}

#[test]
fn a_whole_trace_waits_until_every_thread_was_collected_and_flush_waits_for_it() {
    let now = Instant::now();
    let mut desk = Desk::new(Some(LIMITS));
    assert!(
        lay_out(
            &mut desk,
            vec![run(&[Made::Child(1), Made::Child(2)], 4)],
            now,
            true
        )
        .is_empty()
    );
    assert_eq!((desk.oldest_epoch(), desk.held()), (None, 2), "held back");
    assert!(lay_out(&mut desk, vec![run(&[Made::Root(1)], 5)], now, false).is_empty());
    assert_eq!(desk.oldest_epoch(), Some(5));
    let lots = lay_out(&mut desk, vec![run(&[Made::Child(1)], 6)], now, true);
    assert_eq!(lots.len(), 1);
    assert_eq!((lots[0].run.len(), lots[0].run.epoch), (3, 5));
    assert!(!lots[0].is_early());
    assert_eq!((desk.len(), desk.held()), (4, 1));
    desk.end_holding();
    assert_eq!(
        desk.oldest_epoch(),
        Some(0),
        "now somebody waits for the rest"
    );
}

#[test]
fn the_oldest_the_longest_and_those_too_many_are_due() {
    let now = Instant::now();
    let tight = HoldLimits {
        events: 4,
        trace_events: 2,
        ..LIMITS
    };
    let mut desk = Desk::new(Some(tight));
    let longest = [Made::Child(3), Made::Child(3), Made::Child(3)];
    let lots = lay_out(
        &mut desk,
        vec![run(&[Made::Child(1)], 1), run(&longest, 1)],
        now,
        false,
    );
    assert_eq!(
        lots.iter().map(|lot| lot.run.len()).collect::<Vec<_>>(),
        [3]
    );
    desk.put_down(&[], Vec::new()).for_each(drop);
    let five = [10, 11, 12, 13].map(Made::Child);
    let lots = lay_out(&mut desk, vec![run(&five, 1)], now, false);
    let ids: Vec<_> = lots.iter().map(|lot| lot.plan).collect();
    assert!(
        matches!(ids[..], [Plan::Decide(subject)] if subject.id == TraceId::new(1)),
        "the oldest of five, where four may be"
    );
    desk.put_down(&[], Vec::new()).for_each(drop);
    let lots = lay_out(&mut desk, Vec::new(), now + LIMITS.age, false);
    assert_eq!(lots.len(), 4, "the others by age");
    assert!(lots.iter().all(Lot::is_early));
}

/// Each event is copied when it is laid out: all that may be pending at once would be twice as much.
#[test]
fn what_came_in_is_looked_at_in_parts_and_only_after_the_last_is_all_of_it_there() {
    let now = Instant::now();
    let mut book = Book::default();
    book.keep_a_desk(Desk::new(Some(LIMITS)));
    let mut done = Done::default();
    let roots = (1..=3).map(|id| run(&[Made::Root(id)], 1));
    let scope = snapshot(destination("", "d"), FieldBuffer::new());
    let megabyte = "x".repeat(1 << 20);
    let large = std::iter::repeat_with(|| {
        let mut chunk = Chunk::default();
        chunk.push(
            record(),
            &fields([("text", megabyte.as_str().into())]),
            &scope,
        );
        Run::whole(chunk, 1)
    });
    for part in roots.chain(large.take(6)).chain([run(&[Made::Root(4)], 1)]) {
        book.accept(part, &mut done, false);
    }
    let mut left = book.arrived();
    let mut look = |book: &mut Book, left: &mut usize| {
        let lots = book.lay_out(left, now, true, &mut done);
        book.clear_desk(Review::default(), &mut done, false);
        let decided = lots.iter().filter(|lot| lot.plan != Plan::Pass).count();
        (decided, lots.len() - decided, *left)
    };
    assert_eq!(look(&mut book, &mut left), (0, 4, 3));
    assert_eq!(look(&mut book, &mut left), (4, 2, 0));
    // The sender was closed between two parts.
    left = 2;
    assert_eq!(look(&mut book, &mut left), (0, 0, 0));
}

#[test]
fn at_the_end_a_trace_is_decided_when_all_its_parts_are_there() {
    let now = Instant::now();
    let mut desk = Desk::new(Some(LIMITS));
    desk.end_holding();
    let child = vec![run(&[Made::Child(1)], 1)];
    let lots = desk.lay_out(child, now, Reach::Part, &mut Vec::new());
    assert!(lots.is_empty(), "its root is in the next part");
    let lots = lay_out(&mut desk, vec![run(&[Made::Root(1)], 1)], now, false);
    assert_eq!(lots.len(), 1);
    assert!(
        matches!(lots[0].plan, Plan::Decide(subject) if subject.root.is_some()),
        "with its root"
    );
}

/// The queues take whole chunks that nobody else has: events that stay as they are, between others that do not, are copied.
#[test]
fn what_goes_on_is_whole_chunks_with_each_event_once() {
    let now = Instant::now();
    let keeping = Keeping {
        tail: Some((TailRules::new().otherwise(Rate::none()), LIMITS)),
        before_send: None,
    };
    let mut reviewer = Reviewer::new(&keeping);
    let mut desk = Desk::new(Some(LIMITS));
    let budget = Budget::new(1 << 30, 1 << 30);
    let mixed = [
        Made::ByHand,
        Made::Root(1),
        Made::ByHand,
        Made::ByHand,
        Made::Child(2),
    ];
    let plain = [Made::ByHand, Made::ByHand];
    let lots = lay_out(&mut desk, vec![run(&mixed, 1), run(&plain, 1)], now, true);
    let review = reviewer.look_at(&lots, &budget, now, Courtesy::HURRY);
    drop(lots);
    assert_eq!((review.sampled_out.len(), review.verdicts.len()), (1, 1));
    desk.put_down(&review.verdicts, review.cleared)
        .for_each(drop);
    let cleared = desk.take_cleared();
    assert_eq!(cleared.iter().map(Run::len).sum::<usize>(), 5);
    for run in cleared {
        assert_eq!((run.start, run.end), (0, run.chunk.len()));
        assert!(crate::sync::Arc::into_inner(run.chunk).is_some());
    }
    // What comes later follows.
    let lots = lay_out(&mut desk, vec![run(&[Made::Child(1)], 2)], now, false);
    assert!(matches!(
        lots[..],
        [Lot {
            plan: Plan::Follow(Verdict::Drop),
            ..
        }]
    ));
}

#[test]
fn so_many_verdicts_are_remembered_and_no_more() {
    let mut held = HeldTraces::default();
    for id in 1..=20_001 {
        held.remember(TraceId::new(id), Verdict::Drop);
        held.remember(TraceId::new(id), Verdict::Keep(3));
    }
    assert_eq!(held.verdict(TraceId::new(1)), None);
    for id in [2, 20_001] {
        assert_eq!(held.verdict(TraceId::new(id)), Some(Verdict::Keep(3)));
    }
}
