type Outcome = u32;

#[honey::event(err)]
fn run() -> Outcome {
    1
}

#[honey::event(ok(n = |n| *n))]
async fn later() -> Outcome {
    1
}

fn main() {
    drop((run(), later()));
}
