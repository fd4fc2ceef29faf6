#![deny(warnings)]

mod reexport {
    pub use honey as renamed;
}

mod user {
    // Without `crate = ..` nothing below would compile in a crate that has honey under another name only.
    #[reexport::renamed::event(crate = reexport::renamed, fields(n, ..both), err)]
    pub fn run(n: u32, both: &Both) -> Result<u32, String> {
        Ok(n + both.a)
    }

    #[derive(reexport::renamed::HoneyFields)]
    #[honey(crate = crate::reexport::renamed)]
    pub struct Both {
        pub a: u32,
    }

    #[reexport::renamed::dynamic_field(crate = crate::reexport::renamed)]
    fn one() -> u32 {
        1
    }

    use super::reexport;
}

fn main() {
    assert_eq!(user::run(1, &user::Both { a: 2 }), Ok(3));
}
