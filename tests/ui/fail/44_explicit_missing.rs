#[derive(honey::HoneyFields)]
#[honey(explicit)]
struct Login {
    #[honey(record)]
    user: u32,
    email: String,
}

fn main() {}
