//! What editions differ in, and what a crate's own names may do: built by `scripts/edition-2021.sh` as honey of edition 2021,
//! 2018 and 2024, and once more with the dependency under another name. Every annotation has arguments, so that the script can
//! add `crate = ::NAME`.
#![deny(warnings)]

use std::future::Future;
use std::pin::{pin, Pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake};

struct Nobody;

impl Wake for Nobody {
    fn wake(self: Arc<Self>) {}
}

fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(&Arc::new(Nobody).into())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("nothing here waits"),
    }
}

#[honey::event(fields(n), err)]
fn sync(n: u32) -> Result<u32, String> {
    Ok(n)
}

#[honey::event(fields(n, text), ret)]
async fn asynchronous(n: &u32, mut text: String) -> u64 {
    text.push('x');
    u64::from(*n) + text.len() as u64
}

#[honey::event(name = "made")]
fn future<'a>(n: &'a u32) -> impl Future<Output = u32> + 'a {
    async move { *n }
}

#[honey::event(err(debug))]
fn boxed<'a>(n: &'a u32) -> Pin<Box<dyn Future<Output = Result<u32, ()>> + Send + 'a>> {
    Box::pin(async move { Ok(*n) })
}

/// # Safety
/// None is needed.
#[honey::event(fields(?n))]
unsafe fn without_safety(n: *const u32) -> u32 {
    // In edition 2021 the body needs no `unsafe` of its own; in 2024 it does.
    #[allow(unused_unsafe)]
    unsafe {
        *n
    }
}


#[honey::event(rollup)]
fn rolled(n: u32) -> u32 {
    n
}

#[honey::dynamic_field(name = "edition", once)]
fn edition() -> &'static str {
    "any"
}

#[derive(honey::HoneyFields)]
#[honey(prefix = "order.")]
struct Order<'a> {
    r#type: &'a str,
    #[honey(flatten)]
    place: Place,
    kind: Kind,
}

#[derive(honey::HoneyFields)]
#[honey(tag = "place")]
enum Place {
    Shop { row: u32 },
    Web,
}

#[derive(honey::HoneyValue, Clone, Copy)]
#[honey(rename_all = "snake_case")]
enum Kind {
    NewOrder,
}

#[honey::event(fields(..order))]
fn place(order: &Order<'_>) -> bool {
    matches!((&order.place, order.kind), (Place::Shop { .. }, Kind::NewOrder)) && order.r#type.is_empty()
}

/// Without the standard prelude, and with names of the language's own meaning something else.
#[no_implicit_prelude]
mod bare {
    #[allow(dead_code)]
    struct Option;
    #[allow(dead_code)]
    struct Result;
    #[allow(dead_code)]
    mod core {}
    #[allow(dead_code)]
    mod std {}

    #[::honey::event(fields(n), ret(twice = |n| *n + *n))]
    pub fn sync(n: u32) -> u32 {
        n
    }

    #[::honey::event(fields(n), err)]
    pub async fn asynchronous(n: u32) -> ::std::result::Result<u32, ::std::string::String> {
        ::std::result::Result::Ok(n)
    }

    #[derive(::honey::HoneyFields)]
    #[honey(prefix = "bare.")]
    pub struct Fields {
        pub a: u32,
        #[honey(null)]
        pub b: ::std::option::Option<u32>,
    }
}

fn main() {
    let captured = honey::testing::capture(|| {
        assert_eq!(sync(1), Ok(1));
        assert_eq!(ready(asynchronous(&1, String::new())), 2);
        assert_eq!(ready(future(&2)), 2);
        assert_eq!(ready(boxed(&3)), Ok(3));
        assert_eq!(unsafe { without_safety(&4) }, 4);
        assert_eq!(rolled(5), 5);
        for at in [Place::Shop { row: 1 }, Place::Web] {
            place(&Order { r#type: "", place: at, kind: Kind::NewOrder });
        }
        assert_eq!(bare::sync(6), 6);
        assert_eq!(ready(bare::asynchronous(7)), Ok(7));
        honey::start_child("bare fields").handle().add(&bare::Fields { a: 1, b: None });
    });
    assert_eq!(captured.events().len(), 11);
    assert!(captured.stats().is_balanced());
    assert_eq!((honey::dynamic_fields().len(), edition()), (1, "any"));
}
