#![deny(warnings)]

macro_rules! make {
    ($vis:vis fn $name:ident($($arg:ident: $type:ty),*) -> $ret:ty $body:block) => {
        #[honey::event(fields($($arg),*))]
        $vis fn $name($($arg: $type),*) -> $ret $body
    };
    (async fn $name:ident($arg:pat_param, $type:ty) -> $ret:ty $body:block) => {
        #[honey::event]
        async fn $name($arg: $type) -> $ret $body
    };
}

make!(pub fn add(a: u32, b: u32) -> u32 { a + b });
make!(fn checked(a: u32) -> Result<u32, String> { Ok(a) });
make!(async fn later(n, u32) -> Result<u32, String> { Ok(n) });

macro_rules! whole {
    ($item:item) => {
        #[honey::event]
        $item
    };
}

whole! { fn passed_on(n: u32) -> u32 { n } }

macro_rules! with_value {
    ($value:expr) => {
        #[honey::event(fields(sum = $value))]
        fn with_value() {}
    };
}

with_value!(1 + 2);

#[tokio::main(flavor = "current_thread")]
async fn main() {
    with_value();
    assert_eq!(add(1, 2) + checked(1).unwrap() + later(1).await.unwrap() + passed_on(1), 6);
}
