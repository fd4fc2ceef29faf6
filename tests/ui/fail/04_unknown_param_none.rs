#[honey::event(fields(id))]
fn get() {}

fn main() {
    get();
}
