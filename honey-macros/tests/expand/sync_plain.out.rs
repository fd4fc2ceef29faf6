fn plain() {
    let __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "plain",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    let __honey_event = __honey_event.enter();
    {
        work();
    }
}
/// Documented.
pub(crate) fn add(a: u32, b: &str, mut c: Thing) -> u32 {
    let mut __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "add",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        &__HONEY_CALLSITE
    });
    if __honey_event.is_recording() {
        __honey_event.put("a", ::honey::__private::IsField::field(&a));
        __honey_event.put("b", ::honey::__private::HasDisplay::display(&b));
        __honey_event.put("c", ::honey::__private::HasDebug::debug(&c));
        __honey_event.put("sum", ::honey::__private::IsField::field(&(a + 1)));
        __honey_event.put("quoted-key", ::honey::__private::HasDisplay::display(&b));
        __honey_event.put("user.id", ::honey::__private::IsField::field(&c.id));
    }
    let __honey_event = __honey_event.enter();
    {
        c.touch();
        a + 1
    }
}
