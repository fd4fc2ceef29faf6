#[automatically_derived]
impl ::honey::__private::ToField for Payment {
    fn to_field(&self) -> ::honey::__private::Value<'_> {
        ::honey::__private::Value::Str(
            match self {
                Self::CreditCard => "credit_card",
                Self::CashOnDelivery => "cod",
                #[cfg(feature = "vouchers")]
                Self::Voucher => "voucher",
            },
        )
    }
}
#[automatically_derived]
#[allow(clippy::trait_duplication_in_bounds, clippy::type_repetition_in_bounds)]
impl<T> ::honey::__private::ToField for Id<T>
where
    T: ::honey::__private::ToField,
{
    fn to_field(&self) -> ::honey::__private::Value<'_> {
        ::honey::__private::IsDerivedField::field(&self.0)
    }
}
#[automatically_derived]
impl ::honey::__private::ToField for Peer {
    fn to_field(&self) -> ::honey::__private::Value<'_> {
        ::honey::__private::HasDisplay::display(&self.address)
    }
}
#[automatically_derived]
impl ::honey::__private::ToField for Never {
    fn to_field(&self) -> ::honey::__private::Value<'_> {
        match *self {}
    }
}
