#[honey::dynamic_field]
async fn threads() -> u32 {
    1
}

fn main() {
    drop(threads());
}
