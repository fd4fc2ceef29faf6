//! A value that can be set once: giving it twice is an error by construction.

use proc_macro2::{Ident, Span};

use crate::diagnostics::Diagnostics;

/// The word for what is set: it starts the text of the error.
#[derive(Clone, Copy)]
pub(crate) enum Noun {
    Option,
    Attribute,
}

/// A value with the token that set it.
pub(crate) struct Setting<T> {
    given: Option<(Span, T)>,
}

impl<T> Default for Setting<T> {
    fn default() -> Self {
        Self { given: None }
    }
}

impl<T> Setting<T> {
    pub(crate) fn set(
        &mut self,
        noun: Noun,
        name: &Ident,
        value: T,
        diagnostics: &mut Diagnostics,
    ) {
        let Some((first, _)) = &self.given else {
            self.given = Some((name.span(), value));
            return;
        };
        let noun = match noun {
            Noun::Option => "option",
            Noun::Attribute => "attribute",
        };
        let mut error = syn::Error::new(name.span(), format!("duplicate {noun} `{name}`"));
        error.combine(syn::Error::new(*first, "first used here"));
        diagnostics.push(error);
    }

    pub(crate) const fn is_set(&self) -> bool {
        self.given.is_some()
    }

    pub(crate) fn get(&self) -> Option<&T> {
        self.given.as_ref().map(|(_, value)| value)
    }

    /// Where the name of the option stands.
    pub(crate) fn span(&self) -> Option<Span> {
        self.given.as_ref().map(|(span, _)| *span)
    }

    pub(crate) fn take(&mut self) -> Option<T> {
        self.given.take().map(|(_, value)| value)
    }
}
