//! How generated code reaches the runtime crate: `::honey`, unless `crate = path` says otherwise.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

#[derive(Clone, Default)]
pub(crate) struct CratePath(Option<Path>);

impl CratePath {
    pub(crate) const fn new(path: Option<Path>) -> Self {
        Self(path)
    }

    /// The path of the module that only generated code uses.
    pub(crate) fn private(&self) -> TokenStream {
        quote! { #self::__private }
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
