#[honey::event(min_duration = "5 parsecs")]
fn run() {}

fn main() {}
