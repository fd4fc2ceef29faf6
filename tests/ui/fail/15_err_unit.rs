#[honey::event(err(debug))]
async fn run() {}

fn main() {
    drop(run());
}
