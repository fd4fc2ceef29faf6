//! Every name that generated code introduces. All of them are `Span::mixed_site()`, so that the user's code cannot see the
//! locals, and none of them is written anywhere else.

use proc_macro2::{Ident, Span};

macro_rules! names {
    ($($(#[$doc:meta])* $function:ident = $name:literal;)*) => {
        $($(#[$doc])* pub(crate) fn $function() -> Ident { Ident::new($name, Span::mixed_site()) })*

        /// All of them, for the test that reads the expansions.
        #[cfg(test)]
        pub(crate) const ALL: &[&str] = &[$($name),*];
    };
}

names! {
    /// The event of this call: first started, then entered.
    event = "__honey_event";
    /// What the function returned.
    returned = "__honey_return";
    /// The value inside an `Ok`.
    ok_value = "__honey_ok";
    /// The error inside an `Err`.
    error_value = "__honey_error";
    /// A handle of the event.
    handle = "__honey_handle";
    /// The future that the function made.
    future = "__honey_future";
    /// Where `record` puts the fields.
    sink = "__honey_sink";
    /// What is inside an `Option` that is not `None`.
    present = "__honey_some";
    /// The function that records a dynamic field.
    record = "__honey_record";
    /// The callsite. An item, so without hygiene: it lives in a block with no code of the user's.
    callsite = "__HONEY_CALLSITE";
}

/// The start of the names bound to the fields of an enum's variant.
pub(crate) const VARIANT_FIELD: &str = "__honey_field_";

pub(crate) fn variant_field(index: usize) -> Ident {
    Ident::new(&format!("{VARIANT_FIELD}{index}"), Span::mixed_site())
}

/// Points at `span` in errors, but resolves names where the macro is defined.
pub(crate) fn located(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}
