#[honey::event(root, parent = handle)]
fn run(handle: honey::EventHandle) {}

fn main() {
    run(honey::current());
}
