//! What is done with the value that the function returned.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitStr;

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

struct Part {
    span: Span,
    fields: Vec<Inspected>,
}

struct Inspected {
    key: FieldKey,
    form: Form,
    closure: syn::ExprClosure,
}

impl Outcome {
    pub(crate) fn of(args: &mut EventArgs, prefix: Option<&str>) -> Self {
        let whole = args.ret.option.as_ref().filter(|_| args.ret.bare);
        Self {
            report: args.outcome.get().copied().unwrap_or(true),
            whole: whole.map(|option| LitStr::new(&format!("{}{RETURN_KEY}", prefix.unwrap_or_default()), option.span())),
            ret: inspected(&mut args.ret, prefix),
            ok: Part::of(&mut args.ok, prefix),
            err: Part::of(&mut args.err, prefix),
            err_text: args.err_text.span().zip(args.err_text.take()),
        }
    }

    /// The statements. `event` is a place, `event_ref` a `&mut` to it, `returned` a reference to the value.
    pub(crate) fn emit(&self, private: &TokenStream, event_ref: &TokenStream, returned: &TokenStream) -> TokenStream {
        let mut statements = TokenStream::new();
        if self.report {
            statements.extend(quote! { #private::Outcome(#returned).report(#event_ref); });
        }
        let fields = self.fields(private, returned);
        if !fields.is_empty() {
            let event = hygiene::event();
            statements.extend(quote! { if #event.is_recording() { #fields } });
        }
        statements
    }

    fn fields(&self, private: &TokenStream, returned: &TokenStream) -> TokenStream {
        let mut fields = TokenStream::new();
        if let Some(key) = &self.whole {
            let span = hygiene::located(key.span());
            let value = quote_spanned! {span=> #private::ToField::to_field(#returned) };
            let event = hygiene::event();
            fields.extend(quote! { #event.put(#key, #value); });
        }
        fields.extend(self.ret.iter().map(|field| field.emit(private, returned)));
        for (part, as_result, variant, value) in [
            (&self.ok, quote!(ok_as_result), quote!(Ok), hygiene::ok_value()),
            (&self.err, quote!(err_as_result), quote!(Err), hygiene::error_value()),
        ] {
            let Some(part) = part else { continue };
            let span = hygiene::located(part.span);
            let reference = quote! { #value };
            let mut inside: TokenStream = part.fields.iter().map(|field| field.emit(private, &reference)).collect();
            if let (Some((span, text)), "Err") = (&self.err_text, variant.to_string().as_str()) {
                inside.extend(text.emit(private, *span, &reference));
            }
            let result = quote_spanned! {span=> #private::#as_result(#returned) };
            fields.extend(quote! { if let ::core::result::Result::#variant(#value) = #result { #inside } });
        }
        fields
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
    fn emit(&self, private: &TokenStream, value: &TokenStream) -> TokenStream {
        let closure = &self.closure;
        let span = first_span(&closure.body);
        let projected = quote! { #private::project(#value, #closure) };
        put(private, &self.key, self.form, &projected, span)
    }
}

impl ErrText {
    fn emit(&self, private: &TokenStream, span: Span, error: &TokenStream) -> TokenStream {
        let event = hygiene::event();
        let span = hygiene::located(span);
        let text = match self {
            Self::Display => quote_spanned! {span=> #private::error_text(#error) },
            Self::Debug => quote_spanned! {span=> #private::Value::Debug(#error) },
            Self::With(path) => quote! { #private::ToField::to_field(&#path(#error)) },
        };
        quote! { #event.set_error_message(#text); }
    }
}
