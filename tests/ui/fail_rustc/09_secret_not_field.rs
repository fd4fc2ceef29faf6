use honey::Secret;

#[honey::event(fields(password))]
fn login(password: Secret<String>) -> usize {
    password.expose().len()
}

fn main() {
    login(Secret::new(String::new()));
}
