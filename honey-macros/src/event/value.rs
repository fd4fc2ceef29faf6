//! The grammar of one field: `a`, `%a`, `key.sub = ?expr`, `"key" = expr`, `{CONST} = expr`, `..splat`.

use proc_macro2::{Ident, Span};
use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, ExprClosure, LitStr, Token, token};

/// How a value becomes a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Through `ToField`.
    Value,
    /// `%`: through `Display`.
    Display,
    /// `?`: through `Debug`.
    Debug,
}

pub(crate) enum Key {
    Name {
        text: String,
        span: Span,
    },
    /// `{CONST}`: known to the compiler only.
    Const(Expr),
}

/// One item of `fields(..)`.
pub(crate) enum Field {
    /// A bare name is the argument of that name.
    Argument {
        form: Form,
        ident: Ident,
    },
    Named {
        key: Key,
        form: Form,
        value: Expr,
    },
    Splat {
        value: Expr,
    },
}

/// One item of `ret(..)`, `ok(..)`, `err(..)`: `key = |value| expr`.
pub(crate) struct Projection {
    pub(crate) key: Key,
    pub(crate) form: Form,
    pub(crate) closure: ExprClosure,
}

impl Parse for Form {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if input.parse::<Option<Token![%]>>()?.is_some() {
            return Ok(Self::Display);
        }
        if input.parse::<Option<Token![?]>>()?.is_some() {
            return Ok(Self::Debug);
        }
        Ok(Self::Value)
    }
}

impl Key {
    /// `r#type` is recorded as `type`.
    fn from_ident(ident: &Ident) -> Self {
        Self::Name {
            text: ident.unraw().to_string(),
            span: ident.span(),
        }
    }

    /// For people to read.
    pub(crate) fn shown(&self, prefix: &str) -> String {
        match self {
            Self::Name { text, .. } => format!("{prefix}{text}"),
            Self::Const(value) => format!("{prefix}{{{}}}", value.to_token_stream()),
        }
    }

    fn extend(&mut self, part: &Ident) {
        if let Self::Name { text, span } = self {
            text.push('.');
            text.push_str(&part.unraw().to_string());
            *span = span.join(part.span()).unwrap_or(*span);
        }
    }
}

impl Parse for Key {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if input.peek(LitStr) {
            let literal: LitStr = input.parse()?;
            return Ok(Self::Name {
                text: literal.value(),
                span: literal.span(),
            });
        }
        if input.peek(token::Brace) {
            let content;
            syn::braced!(content in input);
            return content.parse().map(Self::Const);
        }
        let mut key = Self::from_ident(&input.call(Ident::parse_any)?);
        while input.parse::<Option<Token![.]>>()?.is_some() {
            key.extend(&input.call(Ident::parse_any)?);
        }
        Ok(key)
    }
}

impl Parse for Field {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        if input.parse::<Option<Token![..]>>()?.is_some() {
            return input.parse().map(|value| Self::Splat { value });
        }
        let form = input.parse()?;
        let names_argument =
            input.peek(syn::Ident::peek_any) && !input.peek2(Token![=]) && !input.peek2(Token![.]);
        if form != Form::Value || names_argument {
            let ident = input.call(Ident::parse_any)?;
            return Ok(Self::Argument { form, ident });
        }
        let key = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self::Named {
            key,
            form: input.parse()?,
            value: input.parse()?,
        })
    }
}

impl Projection {
    /// `option` is the word before the parentheses, for the text of the error.
    pub(crate) fn parse(input: ParseStream, option: &str) -> syn::Result<Self> {
        let key = input.parse()?;
        input.parse::<Token![=]>()?;
        let form = input.parse()?;
        let arity =
            format!("`{option}(key = |value| ..)` takes a closure with exactly one parameter");
        match input.parse()? {
            Expr::Closure(closure) if closure.inputs.len() == 1 => Ok(Self { key, form, closure }),
            other => Err(syn::Error::new_spanned(other, arity)),
        }
    }
}
