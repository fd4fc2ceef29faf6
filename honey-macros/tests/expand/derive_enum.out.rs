#[automatically_derived]
#[allow(clippy::trait_duplication_in_bounds, clippy::type_repetition_in_bounds)]
impl<T> ::honey::__private::HoneyFields for Event<T>
where
    T: ::honey::__private::ToField,
{
    fn record(&self, __honey_sink: &mut ::honey::__private::FieldSink<'_>) {
        match self {
            Self::Started { .. } => {
                __honey_sink.put("kind", ::honey::__private::Value::Str("started"));
            }
            Self::Moved { from_x: __honey_field_0, .. } => {
                __honey_sink.put("kind", ::honey::__private::Value::Str("moved"));
                __honey_sink
                    .put(
                        "from_x",
                        ::honey::__private::IsDerivedField::field(__honey_field_0),
                    );
            }
            Self::Ended { 0: __honey_field_0, 1: __honey_field_1, .. } => {
                __honey_sink.put("kind", ::honey::__private::Value::Str("gone"));
                __honey_sink
                    .put(
                        "code",
                        ::honey::__private::IsDerivedField::field(__honey_field_0),
                    );
                ::honey::__private::IsFields::record_in(__honey_field_1, __honey_sink);
            }
        }
    }
}
