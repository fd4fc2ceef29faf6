//! The rules of `#[honey::dynamic_field]`, one function each.

use proc_macro2::TokenStream;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, FnArg, ItemFn, ReturnType, Safety, Type, Visibility};

use crate::diagnostics::Diagnostics;
use crate::field_name;
use crate::item;

use super::args::Args;

const MACRO: &str = "#[honey::dynamic_field]";

/// The function; `None` after reporting that it is none.
pub(crate) fn function(item: TokenStream, diagnostics: &mut Diagnostics) -> Option<ItemFn> {
    let refuse = |input: ParseStream| {
        let ahead = input.fork();
        ahead.call(Attribute::parse_outer)?;
        ahead.parse::<Visibility>()?;
        if let Some((span, text)) = item::refusal(&ahead, MACRO) {
            return Err(syn::Error::new(span, text));
        }
        input.parse::<ItemFn>()
    };
    let parsed = refuse.parse2(item);
    diagnostics.keep(parsed)
}

pub(crate) fn check(args: &Args, function: &ItemFn, diagnostics: &mut Diagnostics) {
    free_without_parameters(function, diagnostics);
    not_generic(function, diagnostics);
    plain(function, diagnostics);
    returns_a_value(function, diagnostics);
    every_or_once(args, diagnostics);
    name(args, function, diagnostics);
}

/// F7
fn every_or_once(args: &Args, diagnostics: &mut Diagnostics) {
    if args.once.is_set() {
        if let Some(span) = args.every.span() {
            diagnostics.error(span, "`every` cannot be combined with `once`");
        }
    }
}

/// F1 and F5
fn free_without_parameters(function: &ItemFn, diagnostics: &mut Diagnostics) {
    match function.sig.inputs.first() {
        None => {}
        Some(FnArg::Receiver(receiver)) => diagnostics.error(
            receiver.self_token.span,
            "a dynamic field function must be a free function (found `self`)",
        ),
        Some(FnArg::Typed(_)) => {
            diagnostics.error_at(
                &function.sig.inputs,
                "a dynamic field function takes no parameters",
            );
        }
    }
}

/// F2
fn not_generic(function: &ItemFn, diagnostics: &mut Diagnostics) {
    let generics = &function.sig.generics;
    if !generics.params.is_empty() {
        diagnostics.error_at(generics, "a dynamic field function cannot be generic");
    } else if let Some(clause) = &generics.where_clause {
        diagnostics.error_at(clause, "a dynamic field function cannot be generic");
    }
}

/// F3
fn plain(function: &ItemFn, diagnostics: &mut Diagnostics) {
    let sig = &function.sig;
    if let Some(keyword) = &sig.asyncness {
        diagnostics.error(keyword.span, "a dynamic field function cannot be `async`");
    }
    if let Safety::Unsafe(keyword) = &sig.safety {
        diagnostics.error(keyword.span, "a dynamic field function cannot be `unsafe`");
    }
    if let Some(abi) = &sig.abi {
        diagnostics.error(
            abi.extern_token.span,
            "a dynamic field function cannot be `extern`",
        );
    }
    if let Some(variadic) = &sig.variadic {
        diagnostics.error_at(
            &variadic.dots,
            "a dynamic field function cannot be variadic",
        );
    }
}

/// F4
fn returns_a_value(function: &ItemFn, diagnostics: &mut Diagnostics) {
    let returns = match &function.sig.output {
        ReturnType::Default => false,
        ReturnType::Type(_, ty) => match &**ty {
            Type::Never(_) => false,
            Type::Tuple(tuple) => !tuple.elems.is_empty(),
            _ => true,
        },
    };
    if !returns {
        diagnostics.error(
            function.sig.ident.span(),
            "a dynamic field function must return a value",
        );
    }
}

/// F6
fn name(args: &Args, function: &ItemFn, diagnostics: &mut Diagnostics) {
    if args.fields.is_set() {
        if let Some(span) = args.name.span() {
            diagnostics.error(
                span,
                "`name` cannot be combined with `fields`: the fields have names of their own",
            );
        }
        return;
    }
    let (name, span) = match args.name.get() {
        Some(literal) => (literal.value(), literal.span()),
        None => (
            function.sig.ident.unraw().to_string(),
            function.sig.ident.span(),
        ),
    };
    if field_name::check_well_formed(&name, span, diagnostics) {
        field_name::check_not_reserved(&name, span, "", diagnostics);
    }
}
