//! `#[honey::dynamic_field]`: args → check → plan → emit.

mod args;
mod check;
mod emit;
mod plan;

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::ItemFn;

use crate::diagnostics::{Diagnostics, Rejected};

use self::args::Args;
use self::plan::Plan;

/// The function as it was written, with its registration behind it.
pub(crate) fn expand(args: TokenStream, item: TokenStream) -> TokenStream {
    match register(args, item.clone()) {
        Ok(registration) => {
            let mut tokens = item;
            tokens.extend(registration);
            tokens
        }
        Err(rejected) => rejected.beside(&item),
    }
}

fn register(args: TokenStream, item: TokenStream) -> Result<TokenStream, Rejected> {
    let mut diagnostics = Diagnostics::new();
    let args = Args::parse(args, &mut diagnostics);
    let function = check::function(item, &mut diagnostics);
    if let Some(function) = &function {
        check::check(&args, function, &mut diagnostics);
    }
    diagnostics.finish()?;
    let plan = function.map(|function: ItemFn| Plan::new(args, &function));
    Ok(plan.into_token_stream())
}
