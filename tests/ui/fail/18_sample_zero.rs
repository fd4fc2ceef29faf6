#[honey::event(sample = 0)]
fn run() {}

fn main() {
    run();
}
