//! The tokens. Nothing here can fail.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};

use crate::crate_path::CratePath;
use crate::hygiene;

use super::args::{Redaction, Unit};
use super::format::{Format, How};
use super::plan::{Field, Plan, Shape, Variant};

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
        let sink = hygiene::sink();
        let record = self.shape.emit(&self.krate);
        tokens.extend(quote! {
            #[automatically_derived]
            #quiet
            impl #impl_generics #private::HoneyFields for #ident #type_generics #where_clause {
                fn record(&self, #sink: &mut #private::FieldSink<'_>) {
                    #record
                }
            }
        });
    }
}

impl Shape {
    fn emit(&self, krate: &CratePath) -> TokenStream {
        match self {
            Self::Struct(fields) => fields.iter().map(|field| field.emit(krate)).collect(),
            Self::Enum(variants) if variants.is_empty() => quote! { match *self {} },
            Self::Enum(variants) => {
                let arms = variants.iter().map(|variant| variant.emit(krate));
                quote! { match self { #(#arms)* } }
            }
        }
    }
}

impl Variant {
    fn emit(&self, krate: &CratePath) -> TokenStream {
        let private = krate.private();
        let sink = hygiene::sink();
        let ident = &self.ident;
        let bindings = self
            .bindings
            .iter()
            .map(|(member, name)| quote! { #member: #name, });
        let tag = self.tag.as_ref().map(|(key, value)| {
            quote! { #sink.put(#key, #private::Value::Str(#value)); }
        });
        let fields = self.fields.iter().map(|field| field.emit(krate));
        quote! { Self::#ident { #(#bindings)* .. } => { #tag #(#fields)* } }
    }
}

impl Field {
    fn emit(&self, krate: &CratePath) -> TokenStream {
        let whole = &self.reference;
        let span = hygiene::located(self.span);
        let mut present = hygiene::present();
        present.set_span(span);
        let pattern = present.to_token_stream();
        let mut statement = if let (true, How::Put { key, format }) = (self.null, &self.how) {
            let private = krate.private_at(self.span);
            let sink = hygiene::sink();
            let (pattern, given) = match format {
                // Its function takes the field as it is.
                Format::With(_) => (quote! { _ }, whole.clone()),
                _ => (pattern, present.to_token_stream()),
            };
            let inside = self.how.emit(krate, &given, self.span);
            let as_option = quote_spanned! {span=> #private::IsOption::as_option };
            quote! {
                match #as_option(#whole) {
                    ::core::option::Option::Some(#pattern) => { #inside }
                    ::core::option::Option::None => { #sink.put(#key, #private::Value::Null); }
                }
            }
        } else if self.unwraps_option {
            let inside = self.how.emit(krate, &present.to_token_stream(), self.span);
            quote! { if let ::core::option::Option::Some(#pattern) = #whole { #inside } }
        } else {
            self.how.emit(krate, whole, self.span)
        };
        if let Some(skip_if) = &self.skip_if {
            statement = quote! { if !#skip_if(#whole) { #statement } };
        }
        statement
    }
}

impl How {
    fn emit(&self, krate: &CratePath, value: &TokenStream, span: proc_macro2::Span) -> TokenStream {
        let private = krate.private_at(span);
        let sink = hygiene::sink();
        let span = hygiene::located(span);
        match self {
            Self::Put {
                key,
                format: Format::Redact(Redaction::Hash),
            } => {
                let value = Format::Value.emit(&private, value, span);
                quote! { #private::put_hashed(#key, #value, #sink); }
            }
            Self::Put { key, format } => {
                let value = format.emit(&private, value, span);
                quote! { #sink.put(#key, #value); }
            }
            Self::Flatten { prefix } => {
                let record = quote_spanned! {span=> #private::IsFields::record_in };
                if let Some(prefix) = prefix {
                    quote! { #sink.prefixed(#prefix, |#sink| #record(#value, #sink)); }
                } else {
                    quote! { #record(#value, #sink); }
                }
            }
        }
    }
}

impl Format {
    /// `value` is a reference.
    fn emit(
        &self,
        private: &TokenStream,
        value: &TokenStream,
        span: proc_macro2::Span,
    ) -> TokenStream {
        let field = quote_spanned! {span=> #private::IsDerivedField::field };
        match self {
            Self::Value | Self::Unit(Unit::Bytes) => quote! { #field(#value) },
            Self::Display => quote_spanned! {span=> #private::HasDisplay::display(#value) },
            Self::Debug => quote_spanned! {span=> #private::HasDebug::debug(#value) },
            Self::Json => quote_spanned! {span=> #private::HasSerialize::json(#value) },
            Self::Len | Self::Redact(Redaction::Len) => quote! { #field(&(#value).len()) },
            Self::Redact(_) => quote! { #private::redacted(#value) },
            Self::With(path) => quote! { #field(&#path(#value)) },
            Self::Unit(unit) => {
                let convert = match unit {
                    Unit::Nanoseconds => quote_spanned! {span=> #private::in_ns },
                    Unit::Microseconds => quote_spanned! {span=> #private::in_us },
                    Unit::Milliseconds | Unit::Bytes => quote_spanned! {span=> #private::in_ms },
                    Unit::Seconds => quote_spanned! {span=> #private::in_s },
                };
                let duration = quote_spanned! {span=> #private::Time::duration };
                quote! { #field(&#convert(#duration(#value))) }
            }
        }
    }
}
