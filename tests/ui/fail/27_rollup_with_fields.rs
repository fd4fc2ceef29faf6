#[honey::event(rollup, fields(n))]
fn run(n: u32) -> u32 {
    n
}

fn main() {}
