//! How generated code reaches the runtime crate: `::honey`, unless `crate = path` says otherwise.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;

use crate::hygiene;

#[derive(Clone, Default)]
pub(crate) struct CratePath(Option<Path>);

impl CratePath {
    pub(crate) const fn new(path: Option<Path>) -> Self {
        Self(path)
    }

    /// The path of the module that only generated code uses.
    pub(crate) fn private(&self) -> TokenStream {
        self.private_at(Span::call_site())
    }

    /// The same, for a call whose errors are to point at `span`. A path that the user gave keeps its own place.
    pub(crate) fn private_at(&self, span: Span) -> TokenStream {
        self.0.as_ref().map_or_else(
            || quote_spanned! {hygiene::located(span)=> ::honey::__private },
            |path| quote! { #path::__private },
        )
    }
}

impl ToTokens for CratePath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.0 {
            Some(path) => path.to_tokens(tokens),
            None => tokens.extend(quote! { ::honey }),
        }
    }
}
