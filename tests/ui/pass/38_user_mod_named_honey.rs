#![deny(warnings)]

mod honey {
    pub struct HoneyFields;

    #[derive(::honey::HoneyFields)]
    pub struct Own {
        pub a: u32,
    }

    #[::honey::event(fields(..own))]
    pub fn run(own: &Own) -> Result<u32, ()> {
        Ok(own.a)
    }
}

fn main() {
    let _ = honey::HoneyFields;
    assert_eq!(honey::run(&honey::Own { a: 1 }), Ok(1));
}
