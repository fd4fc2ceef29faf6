#[honey::event]
#[honey::event(name = "again")]
fn run() {}

fn main() {
    run();
}
