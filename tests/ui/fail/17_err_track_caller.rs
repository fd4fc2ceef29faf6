#[track_caller]
#[honey::event(err)]
fn run() -> Result<u32, String> {
    Ok(1)
}

fn main() {
    run().unwrap();
}
