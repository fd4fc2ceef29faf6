#[honey::event(min_duration = 5)]
fn run() {}

fn main() {}
