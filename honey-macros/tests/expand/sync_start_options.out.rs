fn sampled(n: u32) {
    let __honey_event = if ::honey::__private::is_enabled() && (n > 1 || n == 0) {
        ::honey::__private::start_with(
            {
                static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
                    "sampled",
                    ::core::module_path!(),
                    ::core::file!(),
                    ::core::line!(),
                );
                &__HONEY_CALLSITE
            },
            ::honey::__private::StartOptions {
                root: true,
                sample: ::core::option::Option::Some(10),
                dataset: ::core::option::Option::Some(
                    ::core::convert::Into::into("other"),
                ),
                ..::core::default::Default::default()
            },
        )
    } else {
        ::honey::__private::Started::none()
    };
    let ev = __honey_event.handle();
    let __honey_event = __honey_event.enter();
    {
        ev.touch();
    }
}
fn child(handle: EventHandle) {
    let __honey_event = if crate::reexported::honey::__private::is_enabled() {
        crate::reexported::honey::__private::start_with(
            {
                static __HONEY_CALLSITE: crate::reexported::honey::__private::Callsite = crate::reexported::honey::__private::Callsite::new(
                    "child",
                    ::core::module_path!(),
                    ::core::file!(),
                    ::core::line!(),
                );
                &__HONEY_CALLSITE
            },
            crate::reexported::honey::__private::StartOptions {
                parent: ::core::option::Option::Some(
                    ::core::convert::Into::into(handle),
                ),
                ..::core::default::Default::default()
            },
        )
    } else {
        crate::reexported::honey::__private::Started::none()
    };
    let __honey_event = __honey_event.enter();
    {
        work();
    }
}
