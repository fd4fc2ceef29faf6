#![deny(warnings)]
#![allow(clippy::option_if_let_else)]

use std::fmt::{Debug, Display};

#[honey::event(fields(?list, first = %list[0], count = N))]
fn generic<T, const N: usize>(list: [T; N]) -> T
where
    T: Debug + Display + Clone,
{
    list[0].clone()
}

#[honey::event(err)]
fn generic_result<T: Default, E: Display>(error: Option<E>) -> Result<T, E> {
    match error {
        Some(error) => Err(error),
        None => Ok(T::default()),
    }
}

struct Holder<T>(T);

impl<T: honey::ToField + Copy> Holder<T> {
    #[honey::event(fields(value = self.0))]
    fn get(&self) -> T {
        self.0
    }
}

fn main() {
    assert_eq!(generic([1, 2, 3]), 1);
    assert_eq!(generic_result::<u32, &str>(None), Ok(0));
    assert_eq!(generic_result::<u32, &str>(Some("no")), Err("no"));
    assert_eq!(Holder(5).get(), 5);
}
