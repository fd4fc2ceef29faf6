//! A thread's state, and what comes to it from other threads.

use std::task::{Context, Poll, Waker};
use std::thread;

use crate::{Client, Config, FutureExt as _};

/// A thread on which a future that began elsewhere is the first thing is new, and no child of a fork: the event goes on there.
#[test]
fn an_event_that_comes_to_a_new_thread_keeps_its_client() {
    let client = Client::new(Config::new("").api_host(""));
    let client = client.unwrap_or_else(|error| unreachable!("{error}"));
    let mut polls = 0;
    let work = std::future::poll_fn(move |_| {
        polls += 1;
        crate::in_child_event("inside", || ());
        if polls == 1 {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    });
    let mut outer = Box::pin(work.in_child_event("outer").with_client(&client));
    let mut context = Context::from_waker(Waker::noop());
    assert!(outer.as_mut().poll(&mut context).is_pending());
    let ended = thread::spawn(move || {
        let mut context = Context::from_waker(Waker::noop());
        outer.as_mut().poll(&mut context).is_ready()
    });
    assert!(ended.join().is_ok_and(|ended| ended));
    assert!(client.flush(std::time::Duration::from_secs(60)));
    assert_eq!(client.stats().discarded.total(), 3);
}
