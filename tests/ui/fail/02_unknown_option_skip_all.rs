#[honey::event(skip_all)]
fn login(user: &str, password: &str) {}

fn main() {
    login("a", "b");
}
