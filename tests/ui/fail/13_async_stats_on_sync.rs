#[honey::event(async_stats)]
fn run() {}

fn main() {}
