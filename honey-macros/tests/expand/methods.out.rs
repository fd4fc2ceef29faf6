impl Service {
    fn by_ref(&self) {
        let mut __honey_event = ::honey::__private::start({
            static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
                "by_ref",
                ::core::module_path!(),
                ::core::file!(),
                ::core::line!(),
            );
            &__HONEY_CALLSITE
        });
        if __honey_event.is_recording() {
            __honey_event.put("self_name", ::honey::__private::IsField::field(&1));
        }
        let __honey_event = __honey_event.enter();
        {}
    }
    fn by_mut(&mut self) -> io::Result<&mut Self> {
        let mut __honey_event = ::honey::__private::start({
            static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
                "by_mut",
                ::core::module_path!(),
                ::core::file!(),
                ::core::line!(),
            );
            &__HONEY_CALLSITE
        });
        if __honey_event.is_recording() {
            __honey_event.put("id", ::honey::__private::IsField::field(&self.id));
        }
        let mut __honey_event = __honey_event.enter();
        let __honey_return = ::honey::__private::call_once(move || -> io::Result<
            &mut Self,
        > {
            self.id += 1;
            Ok(self)
        });
        ::honey::__private::Outcome(&__honey_return).report(&mut __honey_event);
        __honey_return
    }
    async fn by_value(mut self: Box<Self>) -> u32 {
        let __honey_event = ::honey::__private::start({
            static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
                "by_value",
                ::core::module_path!(),
                ::core::file!(),
                ::core::line!(),
            );
            &__HONEY_CALLSITE
        });
        ::honey::__private::in_event(
                __honey_event,
                async move {
                    if false {
                        return ::honey::__private::no_value::<u32>();
                    }
                    self.id
                },
                |_, _| {},
            )
            .await
    }
}
