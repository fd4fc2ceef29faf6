//! What is done with the value that the function returned.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::LitStr;

use crate::crate_path::CratePath;
use crate::hygiene;

use super::args::{ErrText, EventArgs, Inspection};
use super::emit::put;
use super::plan::{FieldKey, RETURN_KEY, first_span};
use super::value::{Form, Projection};

pub(crate) struct Outcome {
    /// Look whether it is an `Err`.
    report: bool,
    /// The key of `ret` alone.
    whole: Option<LitStr>,
    ret: Vec<Inspected>,
    ok: Option<Part>,
    err: Option<Part>,
    err_text: Option<(Span, ErrText)>,
}

/// What `ok` or `err` asked for.
struct Part {
    span: Span,
    fields: Vec<Inspected>,
}

struct Inspected {
    key: FieldKey,
    form: Form,
    closure: syn::ExprClosure,
}

/// How the statements reach the event and the value.
#[derive(Clone, Copy)]
pub(crate) enum Scope {
    /// Both are variables here.
    Here,
    /// Both are references, given to a closure.
    Closure,
}

impl Outcome {
    /// `may_fail`: the value may be a `Result`, as far as the signature tells.
    pub(crate) fn of(args: &mut EventArgs, may_fail: bool, prefix: Option<&str>) -> Self {
        let whole = args.ret.option.as_ref().filter(|_| args.ret.bare);
        Self {
            report: may_fail && args.outcome.get().copied().unwrap_or(true),
            whole: whole.map(|option| {
                LitStr::new(
                    &format!("{}{RETURN_KEY}", prefix.unwrap_or_default()),
                    option.span(),
                )
            }),
            ret: inspected(&mut args.ret, prefix),
            ok: Part::of(&mut args.ok, prefix),
            err: Part::of(&mut args.err, prefix),
            err_text: args.err_text.span().zip(args.err_text.take()),
        }
    }

    /// `is_rollup`: the event may be a call that is none.
    pub(crate) fn emit(&self, krate: &CratePath, scope: Scope, is_rollup: bool) -> TokenStream {
        let private = krate.private();
        let event = hygiene::event();
        let mut statements = TokenStream::new();
        if self.report {
            let returned = scope.returned(Span::call_site());
            let event = match scope {
                Scope::Here => quote! { &mut #event },
                Scope::Closure => quote! { #event },
            };
            statements.extend(if is_rollup {
                let event = hygiene::event();
                quote! { #event.fail(#private::Outcome(#returned).failed()); }
            } else {
                quote! { #private::Outcome(#returned).report(#event); }
            });
        }
        let fields = self.fields(krate, scope);
        if !fields.is_empty() {
            statements.extend(quote! { if #event.is_recording() { #fields } });
        }
        statements
    }

    fn fields(&self, krate: &CratePath, scope: Scope) -> TokenStream {
        let event = hygiene::event();
        let mut fields = TokenStream::new();
        if let Some(key) = &self.whole {
            let private = krate.private_at(key.span());
            let returned = scope.returned(key.span());
            let span = hygiene::located(key.span());
            let value = quote_spanned! {span=> #private::IsField::field(#returned) };
            fields.extend(quote! { #event.put(#key, #value); });
        }
        fields.extend(
            self.ret
                .iter()
                .map(|field| field.emit(krate, &scope.returned(first_span(&field.closure)))),
        );
        if let Some(part) = &self.ok {
            let inside = part.fields(krate, &hygiene::ok_value());
            fields.extend(part.emit(
                krate,
                scope,
                "IsResultForOk",
                "Ok",
                &hygiene::ok_value(),
                &inside,
            ));
        }
        if let Some(part) = &self.err {
            let mut inside = part.fields(krate, &hygiene::error_value());
            if let Some((span, text)) = &self.err_text {
                inside.extend(text.emit(krate, *span));
            }
            fields.extend(part.emit(
                krate,
                scope,
                "IsResult",
                "Err",
                &hygiene::error_value(),
                &inside,
            ));
        }
        fields
    }
}

impl Scope {
    /// A reference to the returned value, at `span`.
    fn returned(self, span: Span) -> TokenStream {
        let span = hygiene::located(span);
        let mut returned = hygiene::returned();
        returned.set_span(span);
        match self {
            Self::Here => quote_spanned! {span=> &#returned },
            Self::Closure => returned.into_token_stream(),
        }
    }
}

impl Part {
    fn of(inspection: &mut Inspection, prefix: Option<&str>) -> Option<Self> {
        let span = inspection.option.as_ref()?.span();
        Some(Self {
            span,
            fields: inspected(inspection, prefix),
        })
    }

    fn fields(&self, krate: &CratePath, value: &Ident) -> TokenStream {
        let fields = self.fields.iter();
        fields
            .map(|field| field.emit(krate, &value.to_token_stream()))
            .collect()
    }

    fn emit(
        &self,
        krate: &CratePath,
        scope: Scope,
        its_trait: &str,
        variant: &str,
        value: &Ident,
        inside: &TokenStream,
    ) -> TokenStream {
        let span = hygiene::located(self.span);
        let private = krate.private_at(self.span);
        let returned = scope.returned(self.span);
        let its_trait = Ident::new(its_trait, span);
        let variant = Ident::new(variant, Span::call_site());
        let result = quote_spanned! {span=> #private::#its_trait::as_result(#returned) };
        quote! { if let ::core::result::Result::#variant(#value) = #result { #inside } }
    }
}

fn inspected(inspection: &mut Inspection, prefix: Option<&str>) -> Vec<Inspected> {
    std::mem::take(&mut inspection.fields)
        .into_iter()
        .map(|Projection { key, form, closure }| Inspected {
            key: FieldKey::of(&key, prefix),
            form,
            closure,
        })
        .collect()
}

impl Inspected {
    /// `value` is a reference to what the closure gets.
    fn emit(&self, krate: &CratePath, value: &TokenStream) -> TokenStream {
        let private = krate.private();
        let closure = &self.closure;
        let projected = quote! { #private::project(#value, #closure) };
        let put = put(
            krate,
            &self.key,
            self.form,
            &projected,
            first_span(&closure.body),
        );
        // The closure's form is asked for: `|value| value.len()` where clippy would write a path, `|_|` where it would write `()`.
        quote! {
            #[allow(clippy::redundant_closure_for_method_calls, clippy::ignored_unit_patterns)]
            #put
        }
    }
}

impl ErrText {
    fn emit(&self, krate: &CratePath, span: Span) -> TokenStream {
        let private = krate.private_at(span);
        let event = hygiene::event();
        let mut error = hygiene::error_value();
        let span = hygiene::located(span);
        error.set_span(span);
        let text = match self {
            Self::Display => quote_spanned! {span=> #private::ErrorText::error_text(#error) },
            Self::Debug => quote_spanned! {span=> #private::HasDebug::debug(#error) },
            Self::With(path) => quote! { #private::IsField::field(&#path(#error)) },
        };
        quote! { #event.set_error_message(#text); }
    }
}
