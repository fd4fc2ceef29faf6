//! `#[honey::event]`: args → check → plan → emit.

mod args;
mod catalog;
mod check;
mod emit;
mod erase;
mod function;
mod names;
mod outcome;
mod plan;
mod returns;
mod run;
mod value;

use proc_macro2::TokenStream;
use quote::ToTokens;

use crate::diagnostics::{Diagnostics, Rejected};

use self::args::EventArgs;
use self::function::Function;

/// The instrumented function, or the original item with every error behind it.
pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    let original = item.clone();
    match instrument(args, item) {
        Ok(tokens) => tokens,
        Err(rejected) => rejected.beside(&original),
    }
}

fn instrument(args: TokenStream, item: TokenStream) -> Result<TokenStream, Rejected> {
    let mut diagnostics = Diagnostics::new();
    let args = EventArgs::parse(args, &mut diagnostics);
    let function = Function::parse(item, &mut diagnostics);
    if let Some(function) = &function {
        check::check(&args, function, &mut diagnostics);
    }
    diagnostics.finish()?;
    let plan = function.map(|function| plan::Plan::new(args, function));
    Ok(plan.into_token_stream())
}
