/// Takes the money.
///
/// More about it.
fn charge(amount: u64, order: &Order) -> u64 {
    let mut __honey_event = ::honey::__private::start({
        static __HONEY_CALLSITE: ::honey::__private::Callsite = ::honey::__private::Callsite::new(
            "charge",
            ::core::module_path!(),
            ::core::file!(),
            ::core::line!(),
        );
        ::honey::__private::inventory::submit! {
            ::honey::__private::CatalogEntry::new(& __HONEY_CALLSITE, & ["pay.amount",
            "pay.{KEY}", "pay...order", "pay.return"], & ["integer", "integer", "Order",
            "integer"], "Takes the money.")
        }
        &__HONEY_CALLSITE
    });
    if __honey_event.is_recording() {
        __honey_event.put("pay.amount", ::honey::__private::IsField::field(&amount));
        __honey_event
            .add_prefixed(
                "pay.",
                &::honey::__private::OneField(
                    KEY,
                    ::honey::__private::IsField::field(&1),
                ),
            );
        __honey_event.add_prefixed("pay.", ::honey::__private::IsFields::fields(&order));
    }
    let mut __honey_event = __honey_event.enter();
    let __honey_return = ::honey::__private::call_once(move || -> u64 { amount });
    if __honey_event.is_recording() {
        __honey_event
            .put("pay.return", ::honey::__private::IsField::field(&__honey_return));
    }
    __honey_return
}
async fn look_up(key: u32) -> u32 {
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
        ::honey::__private::inventory::submit! {
            ::honey::__private::CatalogEntry::new(__HONEY_CALLSITE.callsite(), &
            ["look_up.count", "look_up.total_ms", "look_up.max_ms", "look_up.errors"], &
            ["integer", "number", "number", "integer"], "")
        }
        &__HONEY_CALLSITE
    });
    ::honey::__private::in_rollup(
            __honey_event,
            async move {
                if false {
                    return ::honey::__private::no_value::<u32>();
                }
                key
            },
            |_, _| {},
        )
        .await
}
