#![deny(warnings)]
#![allow(clippy::non_minimal_cfg)]

use honey::HoneyFields;

macro_rules! declare {
    ($name:ident { $($field:ident: $type:ty = $key:literal),* }) => {
        #[derive(HoneyFields)]
        pub(crate) struct $name {
            $(#[honey(rename = $key)] $field: $type,)*
            #[cfg(any())]
            #[honey(flatten)]
            absent: Missing,
        }
    };
}

declare!(Declared { a: u32 = "first", b: Option<&'static str> = "second" });

#[derive(HoneyFields)]
#[honey(untagged)]
enum Variants {
    Some {
        #[cfg(any())]
        absent: Missing,
        #[cfg(all())]
        present: u32,
    },
    #[cfg(any())]
    Absent(Missing),
}

pub mod private_fields {
    #[derive(honey::HoneyFields)]
    pub struct Public {
        secret: u32,
    }

    impl Public {
        pub fn new(secret: u32) -> Self {
            Self { secret }
        }
    }
}

#[honey::event(fields(..declared, ..variants, ..private_fields::Public::new(1)))]
fn run(declared: &Declared, variants: &Variants) -> u32 {
    let Variants::Some { present } = variants;
    declared.a + present + declared.b.map_or(0, |_| 1)
}

fn main() {
    assert_eq!(run(&Declared { a: 1, b: None }, &Variants::Some { present: 2 }), 3);
}
