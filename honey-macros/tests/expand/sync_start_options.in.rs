#[honey::event(when = n > 1 || n == 0, sample = 10, dataset = "other", root, bind = ev)]
fn sampled(n: u32) {
    ev.touch();
}

#[honey::event(parent = handle, crate = crate::reexported::honey)]
fn child(handle: EventHandle) {
    work();
}
