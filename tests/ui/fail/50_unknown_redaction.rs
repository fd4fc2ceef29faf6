#[derive(honey::HoneyFields)]
struct Login {
    #[honey(redact = sha256)]
    user: u32,
}

fn main() {}
