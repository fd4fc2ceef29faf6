//! The tokens. Nothing here can fail.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};

use crate::hygiene;

use super::plan::{Format, Plan, Value};

impl ToTokens for Plan {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let private = self.krate.private();
        let ident = &self.ident;
        let (impl_generics, type_generics, _) = self.generics.split_for_impl();
        let where_clause = &self.where_clause;
        // An inferred bound may stand on the type already.
        let quiet = (!where_clause.is_empty()).then(|| {
            quote! { #[allow(clippy::trait_duplication_in_bounds, clippy::type_repetition_in_bounds)] }
        });
        let value = self.value();
        tokens.extend(quote! {
            #[automatically_derived]
            #quiet
            impl #impl_generics #private::ToField for #ident #type_generics #where_clause {
                fn to_field(&self) -> #private::Value<'_> {
                    #value
                }
            }
        });
    }
}

impl Plan {
    fn value(&self) -> TokenStream {
        let private = self.krate.private();
        match &self.value {
            Value::Nothing => quote! { #private::Value::None },
            Value::Variants(variants) if variants.is_empty() => quote! { match *self {} },
            Value::Variants(variants) => {
                let arms = variants.iter().map(|variant| {
                    let (cfg, ident, text) = (&variant.cfg, &variant.ident, &variant.text);
                    quote! { #(#cfg)* Self::#ident => #text, }
                });
                quote! { #private::Value::Str(match self { #(#arms)* }) }
            }
            Value::Field {
                reference,
                format,
                span,
            } => {
                let private = self.krate.private_at(*span);
                let span = hygiene::located(*span);
                match format {
                    Format::Value => {
                        quote_spanned! {span=> #private::IsDerivedField::field(#reference) }
                    }
                    Format::Display => {
                        quote_spanned! {span=> #private::HasDisplay::display(#reference) }
                    }
                    Format::Debug => quote_spanned! {span=> #private::HasDebug::debug(#reference) },
                    Format::Json => {
                        quote_spanned! {span=> #private::HasSerialize::json(#reference) }
                    }
                }
            }
        }
    }
}
