#[honey::event(ok(n = |n| *n))]
fn run() -> Option<std::collections::HashMap<u32, &'static str>> {
    None
}

fn main() {
    run();
}
