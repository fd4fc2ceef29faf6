//! A rolled-up call allocates nothing, and an annotation that is disabled does nothing at all.
#![expect(unsafe_code, reason = "an allocator that counts")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: hands everything to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        // SAFETY: the caller's promises are the system allocator's conditions.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

const NAME: &str = "joined at run time";

#[honey::event(rollup)]
fn look_up(key: u32) -> Option<u32> {
    (key > 3).then_some(key)
}

#[honey::event(rollup, name = NAME)]
fn named(key: u32) -> Result<u32, std::fmt::Error> {
    if key % 7 == 1 {
        Err(std::fmt::Error)
    } else {
        Ok(key)
    }
}

fn expensive() -> String {
    "evaluated".to_owned()
}

#[honey::event(fields(expensive = expensive()), ret(text = |n| n.to_string()), min_duration = "1ms")]
fn annotated(n: u32) -> u32 {
    n + 1
}

#[honey::event]
fn request() -> u64 {
    // The first calls make the fields.
    for key in 0..8 {
        let _ = (look_up(key), named(key));
    }
    allocations(|| {
        for key in 0..1_000 {
            let _ = (look_up(key), named(key));
        }
    })
}

#[test]
fn rolled_up_calls_and_disabled_annotations_do_not_allocate() {
    assert_eq!(
        allocations(|| {
            for n in 0..100 {
                std::hint::black_box(annotated(n));
                let _ = (look_up(n), named(n));
            }
        }),
        0,
        "no client is live"
    );
    let config = honey::Config::new("key").api_host("").dataset("d");
    let client = honey::Client::new(config).unwrap();
    assert_eq!(honey::with_client(&client, request), 0);
}
