#[honey::event(prefix = "trace.", fields(id))]
fn run(id: u32) {}

fn main() {
    run(1);
}
