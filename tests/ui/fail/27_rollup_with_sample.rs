#[honey::event(sample = 10, rollup)]
fn run() {}

fn main() {}
