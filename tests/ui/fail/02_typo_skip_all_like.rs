#[honey::event(skip_all)]
fn login(user: &str, password: &str) {
    let _ = (user, password);
}

fn main() {
    login("a", "b");
}
