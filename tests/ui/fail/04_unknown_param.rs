#[honey::event(fields(user, ?pasword))]
fn login(user: &str, password: &str) {
    let _ = (user, password);
}

fn main() {
    login("a", "b");
}
