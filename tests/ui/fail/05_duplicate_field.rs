#[honey::event(fields(user_id, other = 1, user_id = 2))]
fn run(user_id: u32) {}

fn main() {
    run(1);
}
