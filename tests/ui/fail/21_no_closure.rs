#[honey::event(err(code = error.code))]
fn run() -> Result<u32, String> {
    Ok(1)
}

fn main() {
    run().unwrap();
}
