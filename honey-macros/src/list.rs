//! Reads a comma-separated list and goes on behind an item that is wrong, so that every mistake in it is reported.

use proc_macro2::{TokenStream, TokenTree};
use syn::Token;
use syn::parse::{ParseStream, Parser as _};

use crate::diagnostics::Diagnostics;

/// The whole of an attribute's arguments, as [`read`] reads them.
pub(crate) fn parse(
    tokens: TokenStream,
    diagnostics: &mut Diagnostics,
    item: impl FnMut(ParseStream, &mut Diagnostics) -> syn::Result<()>,
) {
    let parser = |input: ParseStream| {
        read(input, diagnostics, item);
        Ok(())
    };
    let parsed = parser.parse2(tokens);
    diagnostics.keep(parsed);
}

/// Calls `item` for each item. After an error, the rest of that item is skipped.
pub(crate) fn read(
    input: ParseStream,
    diagnostics: &mut Diagnostics,
    mut item: impl FnMut(ParseStream, &mut Diagnostics) -> syn::Result<()>,
) {
    while !input.is_empty() {
        if let Err(error) = item(input, diagnostics) {
            diagnostics.push(error);
            skip_item(input);
        } else if !input.is_empty() && !input.peek(Token![,]) {
            diagnostics.push(input.error("expected `,`"));
            skip_item(input);
        }
        if input.parse::<Option<Token![,]>>().is_err() {
            return;
        }
    }
}

fn skip_item(input: ParseStream) {
    while !input.is_empty() && !input.peek(Token![,]) {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}
