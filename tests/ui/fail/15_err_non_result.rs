#[honey::event(err)]
fn run() -> u32 {
    1
}

fn main() {
    run();
}
