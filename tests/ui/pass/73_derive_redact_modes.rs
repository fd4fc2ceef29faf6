#![deny(warnings)]

use honey::{HoneyFields, Secret};

type Maybe<T> = Option<T>;

#[derive(HoneyFields)]
struct Signup<'a, T> {
    #[honey(redact)]
    full_name: &'a str,
    #[honey(redact, rename = "nick")]
    nickname: Option<T>,
    #[honey(redact = hash)]
    email: Option<&'a str>,
    #[honey(redact = len)]
    notes: String,
    #[honey(redact)]
    token: Secret<T>,
    #[honey(null)]
    referrer: Maybe<u32>,
    #[honey(null, redact = len)]
    coupon: Option<Vec<T>>,
}

#[honey::event(fields(..signup))]
fn sign_up<T>(signup: &Signup<'_, T>) {
    honey::current().add(signup);
}

struct NoField;

fn main() {
    sign_up(&Signup {
        full_name: "Ada",
        nickname: Some(NoField),
        email: None,
        notes: String::new(),
        token: Secret::new(NoField),
        referrer: None,
        coupon: None,
    });
}
