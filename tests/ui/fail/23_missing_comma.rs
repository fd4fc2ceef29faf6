#[honey::event(root fields(a))]
fn run(a: u32) {}

fn main() {
    run(1);
}
