#[honey::event(fields("two words" = 1))]
fn run() {}

fn main() {
    run();
}
