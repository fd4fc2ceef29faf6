#[honey::event(fields(a b))]
fn run(a: u32, b: u32) {
    let _ = (a, b);
}

fn main() {
    run(1, 2);
}
