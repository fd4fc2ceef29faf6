#[honey::event(root fields(a))]
fn run(a: u32) {
    let _ = a;
}

fn main() {
    run(1);
}
