fn inner(#[cfg(feature = "a")] a: u32, (b, _): (u32, u32), r#type: u32) {
    #![allow(unused)]
    //! Inner words.
    let mut __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "inner",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    if __honey_event.is_recording() {
        #[cfg(feature = "a")]
        __honey_event.put("a", ::honey::__private::IsField::field(&a));
        __honey_event.put("b", ::honey::__private::IsField::field(&b));
    }
    let __honey_event = __honey_event.enter();
    {
        use std::fmt;
        fmt::format(format_args!("{a}"));
    }
}
