#[honey::event(feilds(user))]
fn login(user: &str) {}

fn main() {
    login("a");
}
