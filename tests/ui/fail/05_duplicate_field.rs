#[honey::event(fields(user_id, other = 1, user_id = 2))]
fn run(user_id: u32) {
    let _ = user_id;
}

fn main() {
    run(1);
}
