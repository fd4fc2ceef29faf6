#[derive(honey::HoneyFields)]
struct Login {
    #[honey(display, redact)]
    user: u32,
}

fn main() {}
