#[honey::event(ok)]
fn run() -> Result<u32, String> {
    Ok(1)
}

fn main() {
    run().unwrap();
}
