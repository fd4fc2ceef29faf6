//! How the value of a field is recorded, and which trait that needs.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{LitStr, Path};

use super::args::{self, Redaction, Unit};

pub(crate) enum How {
    Put { key: LitStr, format: Format },
    Flatten { prefix: Option<String> },
}

pub(crate) enum Format {
    Value,
    Display,
    Debug,
    Json,
    Len,
    With(Path),
    Unit(Unit),
    Redact(Redaction),
}

impl Format {
    pub(crate) fn of(args: &mut args::Field) -> Self {
        if args.display.is_set() {
            Self::Display
        } else if args.debug.is_set() {
            Self::Debug
        } else if args.json.is_set() {
            Self::Json
        } else if args.len.is_set() {
            Self::Len
        } else if let Some(path) = args.with.take() {
            Self::With(path)
        } else if let Some(unit) = args.unit.get().copied().flatten() {
            Self::Unit(unit)
        } else if let Some(redaction) = args.redact.get().copied().flatten() {
            Self::Redact(redaction)
        } else {
            Self::Value
        }
    }
}

impl How {
    /// The trait that the value's type needs, and whether that trait leaves a `None` out by itself.
    pub(crate) fn bound(&self, private: &TokenStream) -> (Option<TokenStream>, bool) {
        let trait_in = |name: &str| {
            let name = format_ident!("{name}");
            Some(quote! { #private::#name })
        };
        match self {
            Self::Flatten { .. } => (trait_in("HoneyFields"), true),
            Self::Put { format, .. } => match format {
                Format::Value | Format::Unit(Unit::Bytes) | Format::Redact(Redaction::Hash) => {
                    (trait_in("ToField"), true)
                }
                Format::Display => (Some(quote! { ::core::fmt::Display }), false),
                Format::Debug => (Some(quote! { ::core::fmt::Debug }), false),
                Format::Json => (trait_in("Serialize"), false),
                Format::Len | Format::Redact(Redaction::Text | Redaction::Len) => (None, false),
                Format::With(_) | Format::Unit(_) => (None, true),
            },
        }
    }
}
