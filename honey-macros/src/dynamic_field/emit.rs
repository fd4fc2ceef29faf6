//! The tokens. Nothing here can fail.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};

use crate::hygiene;

use super::plan::{Gives, Plan, Refresh};

impl ToTokens for Plan {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            cfg,
            function,
            name,
            ..
        } = self;
        let private = self.krate.private();
        let record = hygiene::record();
        let sink = hygiene::sink();
        let call = quote_spanned! {hygiene::located(function.span())=> &#function() };
        let body = match self.gives {
            Gives::Value => quote! { #private::DynamicValue::record_as(#call, #name, #sink); },
            Gives::Fields => quote! { #private::IsFields::record_in(#call, #sink); },
        };
        let refresh = match self.refresh {
            Refresh::Always => TokenStream::new(),
            Refresh::Every(interval) => quote! { .every(#interval) },
            Refresh::Once => quote! { .once() },
        };
        tokens.extend(quote! {
            #(#cfg)*
            const _: () = {
                fn #record(#sink: &mut #private::FieldSink<'_>) { #body }
                #private::inventory::submit! {
                    #private::DynamicField::new(
                        #name, ::core::module_path!(), ::core::file!(), ::core::line!(), #record,
                    )#refresh
                }
            };
        });
    }
}
