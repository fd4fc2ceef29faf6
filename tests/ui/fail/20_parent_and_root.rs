#[honey::event(root, parent = handle)]
fn run(handle: honey::EventHandle) {
    let _ = handle;
}

fn main() {
    run(honey::current());
}
