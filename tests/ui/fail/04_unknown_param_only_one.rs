#[honey::event(fields(id))]
fn get(key: u32) {
    let _ = key;
}

fn main() {
    get(1);
}
