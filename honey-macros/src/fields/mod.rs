//! `#[derive(HoneyFields)]`: args → check → plan → emit.

pub(crate) mod args;
pub(crate) mod bounds;
pub(crate) mod case;
mod check;
mod emit;
mod format;
mod plan;

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::DeriveInput;

use crate::diagnostics::Diagnostics;

use self::args::Container;
use self::plan::Plan;

/// The `impl`, or an empty one with every error behind it, so that no second error says that it is missing.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: DeriveInput = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    let mut diagnostics = Diagnostics::new();
    let container = Container::parse(&input, &mut diagnostics);
    let plan = Plan::new(&input, &container, &mut diagnostics);
    match diagnostics.finish() {
        Ok(()) => plan.into_token_stream(),
        Err(rejected) => rejected.beside(&plan.without_fields().into_token_stream()),
    }
}
