#![deny(warnings)]

// What other macros call their locals, and what ours are called.
#[honey::event(fields(event, result, __honey_event), ret(out = |r| r.is_ok()), err(e = |e| e.len()))]
fn shadowed(event: u32, result: u32, __honey_event: u32, span: u32, guard: u32) -> Result<u32, String> {
    let __honey_return = event + result;
    let (caller, e, x, ev, __r) = (1, 2, 3, 4, 5);
    Ok(__honey_return + __honey_event + span + guard + caller + e + x + ev + __r)
}

#[honey::event(fields(__honey_event))]
async fn shadowed_later(__honey_event: u32, __honey_error: u32) -> Result<u32, String> {
    let __honey_future = __honey_event + __honey_error;
    Ok(__honey_future)
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    assert_eq!(shadowed(1, 1, 1, 1, 1), Ok(20));
    assert_eq!(shadowed_later(1, 2).await, Ok(3));
}
