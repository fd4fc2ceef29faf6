//! Collects every error of one macro call, so that all of them are reported at once.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};

/// The errors found so far. Ask with [`Diagnostics::finish`]; tests panic when nobody does.
pub(crate) struct Diagnostics {
    errors: Vec<syn::Error>,
    finished: bool,
}

/// Proof that errors were found, with the `compile_error!` calls that report them.
#[derive(Debug)]
pub(crate) struct Rejected(TokenStream);

impl Diagnostics {
    pub(crate) const fn new() -> Self {
        Self {
            errors: Vec::new(),
            finished: false,
        }
    }

    /// Reports `message` at the smallest token that is wrong.
    pub(crate) fn error(&mut self, span: Span, message: impl Display) {
        self.errors.push(syn::Error::new(span, message));
    }

    /// Reports an error over the whole of `tokens`.
    pub(crate) fn error_at(&mut self, tokens: &dyn quote::ToTokens, message: impl Display) {
        self.errors
            .push(syn::Error::new_spanned(tokens.to_token_stream(), message));
    }

    /// Keeps an error made by syn.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// Keeps the error of `result`, if it is one.
    pub(crate) fn keep<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.push(error)).ok()
    }

    pub(crate) fn finish(mut self) -> Result<(), Rejected> {
        self.finished = true;
        if self.errors.is_empty() {
            return Ok(());
        }
        Err(Rejected(
            self.errors
                .iter()
                .map(syn::Error::to_compile_error)
                .collect(),
        ))
    }
}

impl Rejected {
    /// The user's own tokens, untouched, with the errors behind them: the item stays usable, so no second error follows.
    pub(crate) fn beside(self, original: &TokenStream) -> TokenStream {
        let Self(errors) = self;
        quote::quote! { #original #errors }
    }
}

#[cfg(test)]
impl Drop for Diagnostics {
    fn drop(&mut self) {
        assert!(
            self.finished || std::thread::panicking(),
            "diagnostics were dropped without being reported"
        );
    }
}
