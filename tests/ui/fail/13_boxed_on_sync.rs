#[honey::event(boxed)]
fn run() -> u32 {
    1
}

fn main() {
    run();
}
