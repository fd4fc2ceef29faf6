#[honey::event(rollup)]
fn run() {}

fn main() {
    run();
}
