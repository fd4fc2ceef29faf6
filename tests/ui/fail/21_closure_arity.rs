#[honey::event(ret(a = |value, other| 1))]
fn run() -> u32 {
    1
}

fn main() {
    run();
}
