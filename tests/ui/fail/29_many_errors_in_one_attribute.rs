#[honey::event(nam = "a", fields(missing, a, a), sample = 0, root, parent = a, err)]
fn run(a: u32) -> u32 {
    a
}

fn main() {
    run(1);
}
