fn forever() -> ! {
    let __honey_event = ::honey::__private::begin({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "forever",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    let __honey_event = __honey_event.enter();
    loop {}
}
async fn later() -> ! {
    let __honey_event = ::honey::__private::begin({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "later",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    ::honey::__private::in_event(
            __honey_event,
            async move { loop {} },
            |__honey_event, __honey_return| {
                ::honey::__private::Outcome(__honey_return).report(__honey_event);
            },
        )
        .await
}
