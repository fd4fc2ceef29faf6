#[honey::event(fields(id))]
fn get(key: u32) {}

fn main() {
    get(1);
}
