//! The tokens. Nothing here can fail, and nothing here has seen the arguments.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ReturnType;

use crate::crate_path::CratePath;
use crate::hygiene;

use super::outcome::Scope;
use super::plan::{Capture, FieldKey, Plan, Recorded, RollupNames, Start};
use super::run::{ClosureReturns, Run};
use super::value::Form;

impl ToTokens for Plan {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let statements = self.statements();
        let inner_attrs = &self.body.inner_attrs;
        self.head.to_tokens(tokens);
        self.outer_braces(quote! { #inner_attrs #statements })
            .to_tokens(tokens);
    }
}

impl Plan {
    fn statements(&self) -> TokenStream {
        let private = self.krate.private();
        let event = hygiene::event();
        let start = self.start.emit(&self.krate);
        let captures: TokenStream = self
            .captures
            .iter()
            .map(|it| it.emit(&self.krate))
            .collect();
        let (mutability, captures) = if captures.is_empty() {
            (None, captures)
        } else {
            let guarded = quote! { if #event.is_recording() { #captures } };
            (Some(quote! { mut }), guarded)
        };
        let handle = quote! { #event.handle() };
        let begin = match (&self.run, &self.bind) {
            // What was borrowed stays in an async function's future, even moved away; so it is borrowed in a block of its own.
            (Run::Async { .. }, None) if !captures.is_empty() => quote! {
                let #event = { let #mutability #event = #start; #captures #event };
            },
            (Run::Async { .. }, Some(name)) => quote! {
                let (#event, #name) = { let #mutability #event = #start; #captures #private::with_handle(#event) };
            },
            (_, bind) => {
                let bind = bind.as_ref().map(|name| quote! { let #name = #handle; });
                quote! { let #mutability #event = #start; #captures #bind }
            }
        };
        let run = self.run();
        quote! { #begin #run }
    }

    fn run(&self) -> TokenStream {
        let private = self.krate.private();
        let event = hygiene::event();
        match &self.run {
            Run::Inline => {
                let probe = self.future_probe();
                let block = self.inner_braces(&TokenStream::new());
                quote! { let #event = #event.enter(); #probe #block }
            }
            Run::Called { returns } => {
                let returned = hygiene::returned();
                let call = self.call(returns);
                let outcome = self
                    .outcome
                    .emit(&self.krate, Scope::Here, self.is_rollup());
                quote! {
                    let mut #event = #event.enter();
                    let #returned = #call;
                    #outcome
                    #returned
                }
            }
            Run::Async { returns, boxed } => {
                let fake_return = returns.fake_return(&self.krate, self.span);
                let rebinds = &self.rebinds;
                let block = self.inner_braces(&quote! { #fake_return #rebinds });
                let counted = self.counted(quote! { async move #block });
                let future = pinned(*boxed, &private, counted);
                let on_ready = self.on_ready();
                let in_event = self.in_event();
                let polls = self.polls();
                quote! { #polls #private::#in_event(#event, #future, #on_ready).await }
            }
            Run::Future { returns, boxed } => {
                let future = hygiene::future();
                let call = self.call(returns);
                let on_ready = self.on_ready();
                let in_event = self.in_event();
                let counted = self.counted(quote! { #future });
                let wrapped = pinned(
                    *boxed,
                    &private,
                    quote! { #private::#in_event(#event, #counted, #on_ready) },
                );
                let polls = self.polls();
                quote! {
                    #polls
                    let #future = #call;
                    #wrapped
                }
            }
        }
    }

    const fn is_rollup(&self) -> bool {
        self.start.rollup.is_some()
    }

    fn in_event(&self) -> Ident {
        let name = if self.is_rollup() {
            "in_rollup"
        } else {
            "in_event"
        };
        Ident::new(name, Span::mixed_site())
    }

    /// `future`, with its polls counted if that is asked for.
    fn counted(&self, future: TokenStream) -> TokenStream {
        if !self.async_stats {
            return future;
        }
        let private = self.krate.private();
        let handle = hygiene::handle();
        quote! { #private::count_polls(#handle, #future) }
    }

    /// The handle that [`Self::counted`] needs once the event itself has moved.
    fn polls(&self) -> Option<TokenStream> {
        let (event, handle) = (hygiene::event(), hygiene::handle());
        self.async_stats
            .then(|| quote! { let #handle = #event.handle(); })
    }

    /// The body in a closure that is called once.
    fn call(&self, returns: &ClosureReturns) -> TokenStream {
        let private = self.krate.private();
        match returns {
            ClosureReturns::Written(ReturnType::Type(arrow, ty)) => {
                let block = self.inner_braces(&TokenStream::new());
                quote! { #private::call_once(move || #arrow #ty #block) }
            }
            ClosureReturns::Written(ReturnType::Default) => {
                let block = self.inner_braces(&TokenStream::new());
                quote! { #private::call_once(move || -> () #block) }
            }
            ClosureReturns::Erased(_) | ClosureReturns::Inferred => {
                let fake_return = returns.fake_return(&self.krate, self.span);
                let block = self.inner_braces(&quote! { #fake_return });
                quote! { #private::call_once(move || #block) }
            }
        }
    }

    /// The closure that looks at what the future resolved to.
    fn on_ready(&self) -> TokenStream {
        let event = hygiene::event();
        let returned = hygiene::returned();
        let outcome = self
            .outcome
            .emit(&self.krate, Scope::Closure, self.is_rollup());
        if outcome.is_empty() {
            return quote! { |_, _| {} };
        }
        quote! { |#event, #returned| { #outcome } }
    }

    /// Warns when the function returns a future that nobody wraps.
    fn future_probe(&self) -> Option<TokenStream> {
        let private = self.krate.private();
        let ty = self.future_probe.as_ref()?;
        let span = ty.to_token_stream().into_iter().next()?.span();
        let method = quote_spanned! {hygiene::located(span)=> returned_future };
        Some(quote! { if false { #private::FutureProbe(&#private::no_value::<#ty>()).#method(); } })
    }

    /// The function's braces, with the span of the body's own: with another, the lint `dead_code` is silent.
    fn outer_braces(&self, statements: TokenStream) -> Group {
        let mut group = Group::new(Delimiter::Brace, statements);
        group.set_span(self.body.group.span());
        group
    }

    /// Braces around the body's statements, at the place of the body's own, so that errors about its value point there; but ours,
    /// so that clippy does not see our statements before the body's items.
    fn inner_braces(&self, before: &TokenStream) -> Group {
        let statements = &self.body.statements;
        let mut group = Group::new(Delimiter::Brace, quote! { #before #statements });
        group.set_span(hygiene::located(self.body.group.span()));
        group
    }
}

impl ClosureReturns {
    /// A `return` that never runs but tells the compiler the type, from which errors then point into the body.
    /// `otherwise` is where it points when no type is written.
    fn fake_return(&self, krate: &CratePath, otherwise: Span) -> Option<TokenStream> {
        let ty = match self {
            Self::Written(ReturnType::Default) => quote! { () },
            Self::Written(ReturnType::Type(_, ty)) | Self::Erased(ty) => ty.to_token_stream(),
            Self::Inferred => return None,
        };
        let first = ty.clone().into_iter().next();
        let span = match self {
            Self::Written(ReturnType::Default) => otherwise,
            _ => first.map_or(otherwise, |token| token.span()),
        };
        let private = krate.private_at(span);
        Some(
            quote_spanned! {hygiene::located(span)=> if false { return #private::no_value::<#ty>(); } },
        )
    }
}

fn pinned(boxed: bool, private: &TokenStream, future: TokenStream) -> TokenStream {
    if boxed {
        quote! { #private::Box::pin(#future) }
    } else {
        future
    }
}

impl Start {
    fn emit(&self, krate: &CratePath) -> TokenStream {
        let private = krate.private();
        let callsite = hygiene::callsite();
        let name = &self.name;
        let catalog = self.entry.as_ref().map(|entry| {
            let site = if self.rollup.is_some() {
                quote! { #callsite.callsite() }
            } else {
                quote! { &#callsite }
            };
            let (fields, types, doc) = (&entry.fields, &entry.types, &entry.doc);
            quote! {
                #private::inventory::submit! {
                    #private::CatalogEntry::new(#site, &[#(#fields),*], &[#(#types),*], #doc)
                }
            }
        });
        let site = quote! {{
            static #callsite: #private::Callsite = #private::Callsite::new(
                #name, ::core::module_path!(), ::core::file!(), ::core::line!(),
            );
            #catalog
            &#callsite
        }};
        let options = &self.options;
        if let Some(names) = &self.rollup {
            let names = match names {
                RollupNames::Known(names) => {
                    quote! { ::core::option::Option::Some([#(#names),*]) }
                }
                RollupNames::Joined => quote! { ::core::option::Option::None },
            };
            let site = quote! {{
                static #callsite: #private::RollupSite = #private::RollupSite::new(
                    #private::Callsite::new(
                        #name, ::core::module_path!(), ::core::file!(), ::core::line!(),
                    ),
                    #names,
                );
                #catalog
                &#callsite
            }};
            return match self.when.as_ref().map(super::plan::operand) {
                None => quote! { #private::rollup(#site) },
                Some(when) => quote! {
                    if #private::is_enabled() && #when {
                        #private::rollup(#site)
                    } else {
                        #private::RollupStarted::Alone(#private::Started::none())
                    }
                },
            };
        }
        let started = if options.is_empty() {
            quote! { #private::start(#site) }
        } else {
            quote! {
                #private::start_with(#site, #private::StartOptions {
                    #(#options,)*
                    ..::core::default::Default::default()
                })
            }
        };
        match &self.when {
            // `start` looks whether anything is enabled by itself.
            None if options.is_empty() => started,
            when => {
                let when = when
                    .as_ref()
                    .map(super::plan::operand)
                    .map(|when| quote! { && #when });
                quote! {
                    if #private::is_enabled() #when { #started } else { #private::Started::none() }
                }
            }
        }
    }
}

impl Capture {
    fn emit(&self, krate: &CratePath) -> TokenStream {
        let event = hygiene::event();
        let cfg = &self.cfg;
        let statement = match &self.field {
            Recorded::Value {
                key,
                form,
                value,
                span,
            } => put(krate, key, *form, value, *span),
            Recorded::Fields {
                prefix,
                value,
                span,
            } => {
                let private = krate.private_at(*span);
                let reference = reference(value, *span);
                let span = hygiene::located(*span);
                let fields = quote_spanned! {span=> #private::IsFields::fields(#reference) };
                if let Some(prefix) = prefix {
                    quote! { #event.add_prefixed(#prefix, #fields); }
                } else {
                    quote! { #event.add(#fields); }
                }
            }
        };
        quote! { #(#cfg)* #statement }
    }
}

/// The statement that records the place `value` under `key`.
pub(crate) fn put(
    krate: &CratePath,
    key: &FieldKey,
    form: Form,
    value: &TokenStream,
    span: Span,
) -> TokenStream {
    let private = krate.private_at(span);
    let event = hygiene::event();
    let reference = reference(value, span);
    let span = hygiene::located(span);
    let value = match form {
        Form::Value => quote_spanned! {span=> #private::IsField::field(#reference) },
        Form::Display => quote_spanned! {span=> #private::HasDisplay::display(#reference) },
        Form::Debug => quote_spanned! {span=> #private::HasDebug::debug(#reference) },
    };
    match key {
        FieldKey::Literal(key) => quote! { #event.put(#key, #value); },
        FieldKey::Const {
            prefix: None,
            value: key,
        } => quote! { #event.put(#key, #value); },
        FieldKey::Const {
            prefix: Some(prefix),
            value: key,
        } => {
            quote! { #event.add_prefixed(#prefix, &#private::OneField(#key, #value)); }
        }
    }
}

fn reference(value: &TokenStream, span: Span) -> TokenStream {
    let ampersand = quote_spanned! {hygiene::located(span)=> & };
    quote! { #ampersand #value }
}
