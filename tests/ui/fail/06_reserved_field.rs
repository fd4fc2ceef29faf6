#[honey::event(fields(duration_ms = 1))]
fn run() {}

fn main() {
    run();
}
