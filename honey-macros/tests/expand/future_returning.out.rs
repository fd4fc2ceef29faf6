fn opaque(id: u64) -> impl Future<Output = Result<u64, Error>> + Send {
    let mut __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "opaque",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    if __honey_event.is_recording() {
        __honey_event.put("id", ::honey::__private::IsField::field(&id));
    }
    let __honey_future = ::honey::__private::call_once(move || {
        let doubled = id * 2;
        async move { Ok(doubled) }
    });
    ::honey::__private::in_event(
        __honey_event,
        __honey_future,
        |__honey_event, __honey_return| {
            ::honey::__private::Outcome(__honey_return).report(__honey_event);
        },
    )
}
fn boxed<'a>(id: &'a str) -> Pin<Box<dyn Future<Output = u64> + Send + 'a>> {
    let __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "boxed",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    let __honey_future = ::honey::__private::call_once(move || -> Pin<
        Box<dyn Future<Output = u64> + Send + 'a>,
    > {
        note(id);
        Box::pin(async move { 1 })
    });
    ::honey::__private::Box::pin(
        ::honey::__private::in_event(__honey_event, __honey_future, |_, _| {}),
    )
}
fn alias() -> Fut<u64> {
    let __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "alias",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    let __honey_future = ::honey::__private::call_once(move || -> Fut<u64> {
        Box::pin(async { 1 })
    });
    ::honey::__private::Box::pin(
        ::honey::__private::in_event(__honey_event, __honey_future, |_, _| {}),
    )
}
fn constructor() -> BoxFuture<'static, u64> {
    let __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "constructor",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    let __honey_event = __honey_event.enter();
    { Box::pin(async { 1 }) }
}
fn unknown() -> Ticket {
    let __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "unknown",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    let __honey_event = __honey_event.enter();
    if false {
        ::honey::__private::FutureProbe(&::honey::__private::no_value::<Ticket>())
            .returned_future();
    }
    { Ticket }
}
