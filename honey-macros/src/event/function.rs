//! The function under the attribute. Its body is kept as one unparsed group.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, FnArg, Pat, Signature, Token, Visibility};

use crate::diagnostics::Diagnostics;
use crate::item;

/// How the macro is written, in errors.
pub(crate) const MACRO: &str = "#[honey::event]";
/// E10
pub(crate) const VARIADIC: &str = "variadic functions are not supported";

pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) body: Body,
}

/// What stands between the braces.
pub(crate) struct Body {
    /// `#![..]` and `//!` at the start: they must stay first.
    pub(crate) inner_attrs: TokenStream,
    pub(crate) statements: TokenStream,
    /// The braces themselves.
    pub(crate) group: Group,
}

/// A name bound by the parameters.
#[derive(Clone)]
pub(crate) struct Binding {
    pub(crate) ident: Ident,
    /// The `#[cfg(..)]` of the parameter.
    pub(crate) cfg: Vec<Attribute>,
}

impl Function {
    /// `None` after reporting why not.
    pub(crate) fn parse(item: TokenStream, diagnostics: &mut Diagnostics) -> Option<Self> {
        let parsed = Self::read.parse2(transparent(item));
        diagnostics.keep(parsed)
    }

    fn read(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        if let Some((span, text)) = item::refusal(input, MACRO) {
            input.parse::<TokenStream>()?;
            return Err(syn::Error::new(span, text));
        }
        let sig: Signature = input.parse()?;
        if input.parse::<Option<Token![;]>>()?.is_some() {
            if let Some(variadic) = &sig.variadic {
                // In an `extern` block, where a variadic one is declared, a body is no way out.
                return Err(syn::Error::new_spanned(variadic.dots, VARIADIC));
            }
            return Err(syn::Error::new(
                sig.ident.span(),
                format!(
                    "`{MACRO}` needs a function body: put it on each `impl` method (or the default body), not on the \
                     trait declaration"
                ),
            ));
        }
        Ok(Self {
            attrs,
            vis,
            sig,
            body: input.call(Body::read)?,
        })
    }

    pub(crate) fn bindings(&self) -> Vec<Binding> {
        let mut bindings = Vec::new();
        for input in &self.sig.inputs {
            match input {
                FnArg::Receiver(receiver) => bindings.push(Binding {
                    ident: receiver.self_token.into(),
                    cfg: Vec::new(),
                }),
                FnArg::Typed(argument) => {
                    collect_bindings(&argument.pat, &cfg_of(&argument.attrs), &mut bindings);
                }
            }
        }
        bindings
    }
}

impl Body {
    fn read(input: ParseStream) -> syn::Result<Self> {
        let group = match input.parse()? {
            TokenTree::Group(group) => visible(group),
            other => return Err(syn::Error::new(other.span(), "expected a function body")),
        };
        let (inner_attrs, statements) = split_inner_attrs.parse2(group.stream())?;
        Ok(Self {
            inner_attrs,
            statements,
            group,
        })
    }
}

/// Looks through the invisible groups that `macro_rules!` puts around what it was given.
fn visible(group: Group) -> Group {
    if group.delimiter() == Delimiter::None {
        let mut inside = group.stream().into_iter();
        if let (Some(TokenTree::Group(inner)), None) = (inside.next(), inside.next()) {
            return visible(inner);
        }
    }
    group
}

fn transparent(item: TokenStream) -> TokenStream {
    let mut tokens = item.clone().into_iter();
    match (tokens.next(), tokens.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::None => {
            transparent(group.stream())
        }
        _ => item,
    }
}

fn split_inner_attrs(input: ParseStream) -> syn::Result<(TokenStream, TokenStream)> {
    let mut inner_attrs = TokenStream::new();
    while input.peek(Token![#]) && input.peek2(Token![!]) {
        for _ in 0..3 {
            inner_attrs.extend([input.parse::<TokenTree>()?]);
        }
    }
    Ok((inner_attrs, input.parse()?))
}

fn cfg_of(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident("cfg"))
        .cloned()
        .collect()
}

fn collect_bindings(pat: &Pat, cfg: &[Attribute], bindings: &mut Vec<Binding>) {
    match pat {
        Pat::Ident(name) => {
            bindings.push(Binding {
                ident: name.ident.clone(),
                cfg: cfg.to_vec(),
            });
            if let Some((_, inner)) = &name.subpat {
                collect_bindings(inner, cfg, bindings);
            }
        }
        Pat::Tuple(tuple) => tuple
            .elems
            .iter()
            .for_each(|pat| collect_bindings(pat, cfg, bindings)),
        Pat::TupleStruct(tuple) => tuple
            .elems
            .iter()
            .for_each(|pat| collect_bindings(pat, cfg, bindings)),
        Pat::Slice(slice) => slice
            .elems
            .iter()
            .for_each(|pat| collect_bindings(pat, cfg, bindings)),
        Pat::Struct(fields) => fields
            .fields
            .iter()
            .for_each(|field| collect_bindings(&field.pat, cfg, bindings)),
        Pat::Or(or) => or
            .cases
            .iter()
            .take(1)
            .for_each(|pat| collect_bindings(pat, cfg, bindings)),
        Pat::Reference(reference) => collect_bindings(&reference.pat, cfg, bindings),
        Pat::Paren(inner) => collect_bindings(&inner.pat, cfg, bindings),
        Pat::Type(typed) => collect_bindings(&typed.pat, cfg, bindings),
        _ => {}
    }
}
