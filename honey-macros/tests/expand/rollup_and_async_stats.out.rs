fn look_up(key: u32) -> Result<u32, Error> {
    let __honey_event = ::honey::__private::rollup({
        static __HONEY_CALLSITE: ::honey::__private::RollupSite = ::honey::__private::RollupSite::new(
            ::honey::__private::Callsite::new(
                "look_up",
                ::core::module_path!(),
                ::core::file!(),
                ::core::line!(),
            ),
            ::core::option::Option::Some([
                "look_up.count",
                "look_up.total_ms",
                "look_up.max_ms",
                "look_up.errors",
            ]),
        );
        &__HONEY_CALLSITE
    });
    let mut __honey_event = __honey_event.enter();
    let __honey_return = ::honey::__private::call_once(move || -> Result<u32, Error> {
        table().get(key)
    });
    __honey_event.fail(::honey::__private::Outcome(&__honey_return).failed());
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
fn named(key: u32) -> u32 {
    let __honey_event = ::honey::__private::rollup({
        static __HONEY_CALLSITE: ::honey::__private::RollupSite = ::honey::__private::RollupSite::new(
            ::honey::__private::Callsite::new(
                NAME,
                ::core::module_path!(),
                ::core::file!(),
                ::core::line!(),
            ),
            ::core::option::Option::None,
        );
        &__HONEY_CALLSITE
    });
    let __honey_event = __honey_event.enter();
    { key }
}
async fn polled(key: u32) {
    let __honey_event = if ::honey::__private::is_enabled() {
        ::honey::__private::start_with(
            {
                static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
                    "polled",
                    ::core::module_path!(),
                    ::core::file!(),
                    ::core::line!(),
                );
                &__HONEY_CALLSITE
            },
            ::honey::__private::StartOptions {
                min_duration_ns: 5000000u64,
                ..::core::default::Default::default()
            },
        )
    } else {
        ::honey::__private::Started::none()
    };
    let __honey_handle = __honey_event.handle();
    ::honey::__private::in_event(
            __honey_event,
            ::honey::__private::count_polls(
                __honey_handle,
                async move {
                    if false {
                        return ::honey::__private::no_value::<()>();
                    }
                    tick(key).await;
                },
            ),
            |_, _| {},
        )
        .await
}
