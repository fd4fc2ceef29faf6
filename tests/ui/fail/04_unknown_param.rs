#[honey::event(fields(user, ?pasword))]
fn login(user: &str, password: &str) {}

fn main() {
    login("a", "b");
}
