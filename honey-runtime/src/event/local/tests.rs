//! A thread's state, and what comes to it from other threads.

use std::task::{Context, Poll, Waker};
use std::thread;

use super::{BUFFERS_KEPT, LARGEST_BUFFER_KEPT_BYTES, Local, OpenEvent};
use crate::record::FieldBuffer;
use crate::{Client, Config, FutureExt as _};

fn client() -> Client {
    let client = Client::new(Config::new("").api_host(""));
    client.unwrap_or_else(|error| unreachable!("{error}"))
}

/// A thread on which a future that began elsewhere is the first thing is new, and no child of a fork: the event goes on there.
#[test]
fn an_event_that_comes_to_a_new_thread_keeps_its_client() {
    let client = client();
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

/// On a thread of its own, which has kept nothing yet.
fn on_a_new_thread(test: impl FnOnce(&Local) + Send + 'static) {
    let tested = thread::spawn(|| Local::with(test));
    assert!(tested.join().is_ok_and(|tested| tested.is_some()));
}

#[test]
fn a_thread_keeps_few_buffers_and_none_that_is_large() {
    on_a_new_thread(|local| {
        for _ in 0..2 * BUFFERS_KEPT {
            local.keep(OpenEvent::new());
        }
        assert!(local.next.take().is_some());
        assert_eq!(local.pool.take().len(), BUFFERS_KEPT);
        let much = "x".repeat(LARGEST_BUFFER_KEPT_BYTES + 1);
        let mut event = OpenEvent::new();
        assert!(event.fields.store(&much).is_some());
        local.keep(event);
        assert!(local.next.take().is_none());
        let mut aside = FieldBuffer::new();
        assert!(aside.store(&much).is_some());
        local.keep_aside(aside);
        assert!(local.aside.borrow().is_empty());
    });
}

#[test]
fn a_thread_forgets_its_slots_at_clients_that_are_closed() {
    on_a_new_thread(|local| {
        for _ in 0..3 {
            let client = client();
            let mut event = client.builder().new_event();
            event.add_field("sent", true);
            event.send();
            assert_eq!(local.slots.borrow().len(), 1);
            client.close(std::time::Duration::from_secs(60));
        }
    });
}
