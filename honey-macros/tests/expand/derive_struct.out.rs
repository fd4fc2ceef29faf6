#[automatically_derived]
#[allow(clippy::trait_duplication_in_bounds, clippy::type_repetition_in_bounds)]
impl<'a, T: Clone, I: Iterator, const N: usize> ::honey::__private::HoneyFields
for Order<'a, T, I, N>
where
    I: Debug,
    T: ::core::fmt::Display,
    T: ::honey::__private::Serialize,
    I::Item: ::honey::__private::ToField,
{
    fn record(&self, __honey_sink: &mut ::honey::__private::FieldSink<'_>) {
        __honey_sink
            .put(
                "order.orderId",
                ::honey::__private::IsDerivedField::field(&self.order_id),
            );
        __honey_sink
            .put(
                "order.total_usd",
                ::honey::__private::IsDerivedField::field(&self.total),
            );
        __honey_sink
            .put(
                "order.customer",
                ::honey::__private::IsDerivedField::field(&self.customer),
            );
        if let ::core::option::Option::Some(__honey_some) = &self.value {
            __honey_sink
                .put(
                    "order.value",
                    ::honey::__private::HasDisplay::display(__honey_some),
                );
        }
        __honey_sink
            .prefixed(
                "order.ship.",
                |__honey_sink| ::honey::__private::IsFields::record_in(
                    &self.address,
                    __honey_sink,
                ),
            );
        if !Vec::is_empty(&self.items) {
            __honey_sink
                .put(
                    "order.items",
                    ::honey::__private::IsDerivedField::field(&(&self.items).len()),
                );
        }
        __honey_sink
            .put(
                "order.waited_ms",
                ::honey::__private::IsDerivedField::field(
                    &::honey::__private::in_ms(
                        ::honey::__private::Time::duration(&self.waited),
                    ),
                ),
            );
        __honey_sink
            .put(
                "order.other",
                ::honey::__private::IsDerivedField::field(&text_of(&self.other)),
            );
        __honey_sink
            .put("order.tree", ::honey::__private::HasSerialize::json(&self.tree));
        __honey_sink
            .put("order.type", ::honey::__private::IsDerivedField::field(&self.r#type));
        __honey_sink
            .put("order.first", ::honey::__private::IsDerivedField::field(&self.first));
    }
}
#[automatically_derived]
impl ::honey::__private::HoneyFields for Unit {
    fn record(&self, __honey_sink: &mut ::honey::__private::FieldSink<'_>) {}
}
#[automatically_derived]
impl ::honey::__private::HoneyFields for Pair {
    fn record(&self, __honey_sink: &mut ::honey::__private::FieldSink<'_>) {
        __honey_sink.put("left", ::honey::__private::IsDerivedField::field(&self.0));
    }
}
