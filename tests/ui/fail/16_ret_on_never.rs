#[honey::event(ret)]
fn run() -> ! {
    std::process::exit(0)
}

fn main() {
    run();
}
