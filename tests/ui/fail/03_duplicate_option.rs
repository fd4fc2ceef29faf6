#[honey::event(name = "a", sample = 2, name = "b")]
fn run() {}

fn main() {
    run();
}
