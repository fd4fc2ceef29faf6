#[honey::event(rollup, parent = honey::current())]
fn run() {}

fn main() {}
