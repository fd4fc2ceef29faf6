#[cfg(unix)]
fn threads() -> u64 {
    1
}
#[cfg(unix)]
const _: () = {
    fn __honey_record(__honey_sink: &mut ::honey::__private::FieldSink<'_>) {
        ::honey::__private::DynamicValue::record_as(
            &threads(),
            "process.threads",
            __honey_sink,
        );
    }
    ::honey::__private::inventory::submit! {
        ::honey::__private::DynamicField::new("process.threads", ::core::module_path!(),
        ::core::file!(), ::core::line!(), __honey_record,)
    }
};
fn memory() -> Memory {
    Memory::read()
}
const _: () = {
    fn __honey_record(__honey_sink: &mut ::honey::__private::FieldSink<'_>) {
        ::honey::__private::IsFields::record_in(&memory(), __honey_sink);
    }
    ::honey::__private::inventory::submit! {
        ::honey::__private::DynamicField::new("memory", ::core::module_path!(),
        ::core::file!(), ::core::line!(), __honey_record,)
    }
};
