#[honey::event(name = 5)]
fn run() {}

fn main() {
    run();
}
