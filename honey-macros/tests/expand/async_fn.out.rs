async fn fetch(id: u64, tries: u32) -> Result<Vec<u8>, Error> {
    let __honey_event = {
        let mut __honey_event = ::honey::__private::start({
            static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
                "fetch",
                ::core::module_path!(),
                ::core::file!(),
                ::core::line!(),
            );
            &__HONEY_CALLSITE
        });
        if __honey_event.is_recording() {
            __honey_event.put("id", ::honey::__private::IsField::field(&id));
        }
        __honey_event
    };
    ::honey::__private::in_event(
            __honey_event,
            async move {
                if false {
                    return ::honey::__private::no_value::<Result<Vec<u8>, Error>>();
                }
                let mut tries = tries;
                tries -= 1;
                get(id, tries).await
            },
            |__honey_event, __honey_return| {
                ::honey::__private::Outcome(__honey_return).report(__honey_event);
                if __honey_event.is_recording() {
                    if let ::core::result::Result::Err(__honey_error) = ::honey::__private::IsResult::as_result(
                        __honey_return,
                    ) {
                        __honey_event
                            .set_error_message(
                                ::honey::__private::ErrorText::error_text(__honey_error),
                            );
                    }
                }
            },
        )
        .await
}
async fn quiet() {
    let __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "quiet",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    ::honey::__private::in_event(
            __honey_event,
            ::honey::__private::Box::pin(async move {
                if false {
                    return ::honey::__private::no_value::<()>();
                }
                tick().await;
            }),
            |_, _| {},
        )
        .await
}
