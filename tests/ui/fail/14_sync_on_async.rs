#[honey::event(sync)]
async fn run() {}

fn main() {
    drop(run());
}
