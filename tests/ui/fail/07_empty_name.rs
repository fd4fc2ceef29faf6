#[honey::event(name = " ")]
fn run() {}

fn main() {
    run();
}
