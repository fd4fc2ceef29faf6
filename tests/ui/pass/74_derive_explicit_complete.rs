#![deny(warnings)]

use std::marker::PhantomData;

use honey::HoneyFields;

#[derive(HoneyFields)]
#[honey(explicit, prefix = "login.")]
struct Login<T> {
    #[honey(record)]
    user: u32,
    #[honey(skip)]
    password: String,
    #[honey(redact = hash)]
    email: String,
    #[honey(flatten)]
    device: Device,
    marker: PhantomData<T>,
}

#[derive(HoneyFields)]
#[honey(explicit, tag = "device")]
enum Device {
    Phone {
        #[honey(rename = "phone_os")]
        os: &'static str,
    },
    Terminal,
}

fn main() {
    for device in [Device::Phone { os: "x" }, Device::Terminal] {
        let login = Login::<NotAField> {
            user: 1,
            password: "hunter2".to_owned(),
            email: String::new(),
            device,
            marker: PhantomData,
        };
        honey::current().add(&login);
        assert_eq!(login.password.len(), 7);
    }
}

struct NotAField;
