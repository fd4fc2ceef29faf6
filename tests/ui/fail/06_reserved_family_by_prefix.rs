#[honey::event(prefix = "trace.", fields(id))]
fn run(id: u32) {
    let _ = id;
}

fn main() {
    run(1);
}
