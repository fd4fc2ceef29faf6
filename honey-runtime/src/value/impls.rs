//! `ToField` for the standard library's types.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use super::{ToField, Value};

macro_rules! numbers {
    ($($type:ty => $variant:ident as $wide:ty),+ $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl ToField for $type {
            #[inline]
            fn to_field(&self) -> Value<'_> {
                Value::$variant(<$wide>::from(*self))
            }
        }
    )+};
}

numbers! {
    bool => Bool as bool,
    i8 => I64 as i64, i16 => I64 as i64, i32 => I64 as i64, i64 => I64 as i64, i128 => I128 as i128,
    u8 => U64 as u64, u16 => U64 as u64, u32 => U64 as u64, u64 => U64 as u64, u128 => U128 as u128,
    f32 => F32 as f32, f64 => F64 as f64,
}

macro_rules! non_zero {
    ($($type:ty),+ $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl ToField for NonZero<$type> {
            #[inline]
            fn to_field(&self) -> Value<'_> {
                match self.get().to_field() {
                    Value::I64(value) => Value::I64(value),
                    Value::U64(value) => Value::U64(value),
                    Value::I128(value) => Value::I128(value),
                    Value::U128(value) => Value::U128(value),
                    _ => Value::None,
                }
            }
        }
    )+};
}

non_zero!(
    i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize
);

#[diagnostic::do_not_recommend]
impl ToField for usize {
    #[inline]
    fn to_field(&self) -> Value<'_> {
        // No platform has a `usize` wider than 64 bits.
        Value::U64(*self as u64)
    }
}

#[diagnostic::do_not_recommend]
impl ToField for isize {
    #[inline]
    fn to_field(&self) -> Value<'_> {
        Value::I64(*self as i64)
    }
}

#[diagnostic::do_not_recommend]
impl ToField for str {
    #[inline]
    fn to_field(&self) -> Value<'_> {
        Value::Str(self)
    }
}

#[diagnostic::do_not_recommend]
impl ToField for String {
    #[inline]
    fn to_field(&self) -> Value<'_> {
        Value::Str(self)
    }
}

#[diagnostic::do_not_recommend]
impl ToField for Path {
    fn to_field(&self) -> Value<'_> {
        Value::Path(self)
    }
}

#[diagnostic::do_not_recommend]
impl ToField for PathBuf {
    fn to_field(&self) -> Value<'_> {
        Value::Path(self)
    }
}

macro_rules! shown {
    ($($type:ty),+ $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl ToField for $type {
            fn to_field(&self) -> Value<'_> {
                Value::Display(self)
            }
        }
    )+};
}

shown!(
    char,
    IpAddr,
    Ipv4Addr,
    Ipv6Addr,
    SocketAddr,
    SocketAddrV4,
    SocketAddrV6,
    std::fmt::Arguments<'_>
);

macro_rules! pointers {
    ($($type:ty),+ $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: ToField + ?Sized> ToField for $type {
            #[inline]
            fn to_field(&self) -> Value<'_> {
                (**self).to_field()
            }
        }
    )+};
}

pointers!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

#[diagnostic::do_not_recommend]
impl<T: ToField + ToOwned + ?Sized> ToField for Cow<'_, T> {
    #[inline]
    fn to_field(&self) -> Value<'_> {
        (**self).to_field()
    }
}

#[diagnostic::do_not_recommend]
impl<T: ToField> ToField for Option<T> {
    #[inline]
    fn to_field(&self) -> Value<'_> {
        match self {
            Some(value) => value.to_field(),
            None => Value::None,
        }
    }
}

#[diagnostic::do_not_recommend]
impl ToField for Value<'_> {
    #[inline]
    fn to_field(&self) -> Value<'_> {
        *self
    }
}
