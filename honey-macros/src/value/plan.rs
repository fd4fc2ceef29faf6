//! Everything that is decided about one derived `impl ToField`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{Attribute, Data, DeriveInput, Generics, LitStr};

use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::fields::bounds::Bounds;

use super::args::{self, Container};
use super::check;

pub(crate) struct Plan {
    pub(crate) krate: CratePath,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) where_clause: TokenStream,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    Variants(Vec<Variant>),
    Field {
        /// A reference to it.
        reference: TokenStream,
        format: Format,
        span: Span,
    },
    /// After an error.
    Nothing,
}

pub(crate) struct Variant {
    pub(crate) cfg: Vec<Attribute>,
    pub(crate) ident: Ident,
    pub(crate) text: String,
}

#[derive(Clone, Copy)]
pub(crate) enum Format {
    Value,
    Display,
    Debug,
    Json,
}

impl Plan {
    pub(crate) fn new(
        input: &DeriveInput,
        mut container: Container,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let krate = CratePath::new(container.krate.take());
        let mut bounds = Bounds::of(&input.ident, &input.generics);
        let value = if let Data::Enum(data) = &input.data {
            let variants = data.variants.iter();
            Value::Variants(
                variants
                    .map(|variant| Variant::of(variant, &container, diagnostics))
                    .collect(),
            )
        } else {
            Value::of_field(input, &krate, &mut bounds, diagnostics)
        };
        let instead = container.bound.get().map(Vec::as_slice);
        Self {
            where_clause: bounds.where_clause(&input.generics, instead),
            ident: input.ident.clone(),
            generics: input.generics.clone(),
            krate,
            value,
        }
    }

    /// The same `impl`, recording nothing.
    pub(crate) fn without_value(self) -> Self {
        Self {
            value: Value::Nothing,
            where_clause: self.generics.where_clause.to_token_stream(),
            ..self
        }
    }
}

impl Variant {
    fn of(variant: &syn::Variant, container: &Container, diagnostics: &mut Diagnostics) -> Self {
        check::unit_variant(variant, diagnostics);
        let args = args::Variant::parse(&variant.attrs, diagnostics);
        let written = variant.ident.unraw().to_string();
        let text = match (args.rename.get(), container.rename_all.get()) {
            (Some(rename), _) => LitStr::value(rename),
            (None, Some(Some(case))) => case.of_variant(&written),
            _ => written,
        };
        let cfg = variant.attrs.iter();
        Self {
            cfg: cfg
                .filter(|attr| attr.path().is_ident("cfg"))
                .cloned()
                .collect(),
            ident: variant.ident.clone(),
            text,
        }
    }
}

impl Value {
    fn of_field(
        input: &DeriveInput,
        krate: &CratePath,
        bounds: &mut Bounds<'_>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let Some((field, member)) = check::only_field(input, diagnostics) else {
            return Self::Nothing;
        };
        let args = args::Field::parse(&field.attrs, diagnostics);
        check::one_format(&args, diagnostics);
        let private = krate.private();
        let (format, bound) = if args.display.is_set() {
            (Format::Display, quote! { ::core::fmt::Display })
        } else if args.debug.is_set() {
            (Format::Debug, quote! { ::core::fmt::Debug })
        } else if args.json.is_set() {
            (Format::Json, quote! { #private::Serialize })
        } else {
            (Format::Value, quote! { #private::ToField })
        };
        bounds.need(&field.ty, &bound);
        let first = field.ty.to_token_stream().into_iter().next();
        let span = first.map_or_else(Span::call_site, |token| token.span());
        let here = Span::call_site().located_at(span);
        Self::Field {
            reference: quote_spanned! {here=> &self.#member },
            format,
            span,
        }
    }
}
