//! The macros of honey.
#![forbid(unsafe_code)]

mod crate_path;
mod diagnostics;
mod dynamic_field;
mod event;
mod field_name;
mod fields;
mod hygiene;
mod item;
mod list;
mod setting;
mod suggest;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Event.
#[proc_macro_attribute]
pub fn event(args: TokenStream, item: TokenStream) -> TokenStream {
    event::expand(args.into(), item.into()).into()
}

/// Fields.
#[proc_macro_derive(HoneyFields, attributes(honey))]
pub fn honey_fields(input: TokenStream) -> TokenStream {
    fields::expand(input.into()).into()
}

/// Dynamic.
#[proc_macro_attribute]
pub fn dynamic_field(args: TokenStream, item: TokenStream) -> TokenStream {
    dynamic_field::expand(args.into(), item.into()).into()
}
