#[honey::event(fields(rows = 1), ok(count = |_| 1, rows = |_| 2), err(count = |_| 3))]
fn run() -> Result<u32, String> {
    Ok(1)
}

fn main() {
    run().unwrap();
}
