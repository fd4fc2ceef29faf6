fn load<'a, T: Copy>(mut key: &'a str, extra: T) -> Result<&'a str, Error> {
    let __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "load",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    let mut __honey_event = __honey_event.enter();
    let __honey_return = ::honey::__private::call_once(move || -> Result<&'a str, Error> {
        key = key.trim();
        Ok(key)
    });
    ::honey::__private::Outcome(&__honey_return).report(&mut __honey_event);
    if __honey_event.is_recording() {
        if let ::core::result::Result::Err(__honey_error) = ::honey::__private::IsResult::as_result(
            &__honey_return,
        ) {
            __honey_event
                .set_error_message(
                    ::honey::__private::ErrorText::error_text(__honey_error),
                );
        }
    }
    __honey_return
}
fn opaque(n: u32) -> Result<impl Iterator<Item = u32>, Error> {
    let __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "opaque",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    let mut __honey_event = __honey_event.enter();
    let __honey_return = ::honey::__private::call_once(move || {
        if false {
            return ::honey::__private::no_value::<Result<_, Error>>();
        }
        Ok(0..n)
    });
    ::honey::__private::Outcome(&__honey_return).report(&mut __honey_event);
    __honey_return
}
