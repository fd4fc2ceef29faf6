#[honey::event(sync, future)]
fn run() -> std::future::Ready<u32> {
    std::future::ready(1)
}

fn main() {
    drop(run());
}
