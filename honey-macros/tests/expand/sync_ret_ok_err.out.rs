fn query(n: u32, order: &Order) -> Result<Rows, Error> {
    let mut __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "query",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    if __honey_event.is_recording() {
        __honey_event
            .add_prefixed(
                "db.",
                &::honey::__private::OneField(
                    KEY,
                    ::honey::__private::IsField::field(&n),
                ),
            );
        __honey_event.add_prefixed("db.", ::honey::__private::IsFields::fields(&order));
    }
    let mut __honey_event = __honey_event.enter();
    let __honey_return = ::honey::__private::call_once(move || -> Result<Rows, Error> {
        run(n)
    });
    ::honey::__private::Outcome(&__honey_return).report(&mut __honey_event);
    if __honey_event.is_recording() {
        #[allow(
            clippy::redundant_closure_for_method_calls,
            clippy::ignored_unit_patterns
        )]
        __honey_event
            .put(
                "db.rows",
                ::honey::__private::IsField::field(
                    &::honey::__private::project(&__honey_return, |r| r.is_ok()),
                ),
            );
        if let ::core::result::Result::Ok(__honey_ok) = ::honey::__private::IsResultForOk::as_result(
            &__honey_return,
        ) {
            #[allow(
                clippy::redundant_closure_for_method_calls,
                clippy::ignored_unit_patterns
            )]
            __honey_event
                .put(
                    "db.first",
                    ::honey::__private::IsField::field(
                        &::honey::__private::project(__honey_ok, |v| v.first),
                    ),
                );
        }
        if let ::core::result::Result::Err(__honey_error) = ::honey::__private::IsResult::as_result(
            &__honey_return,
        ) {
            #[allow(
                clippy::redundant_closure_for_method_calls,
                clippy::ignored_unit_patterns
            )]
            __honey_event
                .put(
                    "db.code",
                    ::honey::__private::IsField::field(
                        &::honey::__private::project(__honey_error, |e| e.code()),
                    ),
                );
            __honey_event
                .set_error_message(::honey::__private::HasDebug::debug(__honey_error));
        }
    }
    __honey_return
}
fn count() -> DbResult {
    let __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "count",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    let mut __honey_event = __honey_event.enter();
    let __honey_return = ::honey::__private::call_once(move || -> DbResult { Ok(1) });
    if __honey_event.is_recording() {
        __honey_event.put("return", ::honey::__private::IsField::field(&__honey_return));
        if let ::core::result::Result::Err(__honey_error) = ::honey::__private::IsResult::as_result(
            &__honey_return,
        ) {
            __honey_event
                .set_error_message(
                    ::honey::__private::IsField::field(&text_of(__honey_error)),
                );
        }
    }
    __honey_return
}
