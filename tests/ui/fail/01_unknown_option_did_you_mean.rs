#[honey::event(feilds(user))]
fn login(user: &str) {
    let _ = user;
}

fn main() {
    login("a");
}
