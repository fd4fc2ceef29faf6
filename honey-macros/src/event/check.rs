//! The rules of `#[honey::event]`, one function each. They report; they decide nothing.

use proc_macro2::Ident;
use syn::{Attribute, Expr, ExprLit, Lit};

use crate::diagnostics::Diagnostics;
use crate::field_name;
use crate::suggest;

use super::args::{EventArgs, Name};
use super::function::{Function, MACRO, VARIADIC};
use super::names;
use super::returns::{self, Shape};
use super::value::Field;

pub(crate) fn check(args: &EventArgs, function: &Function, diagnostics: &mut Diagnostics) {
    let shape = Shape::of(&function.sig.output);
    // What kind of function.
    not_const(function, diagnostics);
    not_variadic(function, diagnostics);
    one_attribute(&function.attrs, diagnostics);
    // Which options go with it, and with each other.
    future_options(args, function, shape, diagnostics);
    sync_or_future(args, diagnostics);
    parent_or_root(args, diagnostics);
    rollup_alone(args, diagnostics);
    something_to_inspect(args, shape, diagnostics);
    result_to_inspect(args, function, shape, diagnostics);
    caller_location_kept(args, function, shape, diagnostics);
    // What the options hold.
    event_name(args, diagnostics);
    sample_rate(args, diagnostics);
    parameters_exist(args, function, diagnostics);
    names::check(args, diagnostics);
}

/// E7
fn not_const(function: &Function, diagnostics: &mut Diagnostics) {
    if let Some(keyword) = &function.sig.constness {
        diagnostics.error(
            keyword.span,
            format!("`{MACRO}` cannot be applied to a `const fn`"),
        );
    }
}

/// E10
fn not_variadic(function: &Function, diagnostics: &mut Diagnostics) {
    if let Some(variadic) = &function.sig.variadic {
        diagnostics.error_at(&variadic.dots, VARIADIC);
    }
}

/// E22
fn one_attribute(attrs: &[Attribute], diagnostics: &mut Diagnostics) {
    let is_ours = |attr: &&Attribute| {
        let mut names = attr
            .path()
            .segments
            .iter()
            .rev()
            .map(|segment| &segment.ident);
        names.next().is_some_and(|name| name == "event")
            && names.next().is_some_and(|name| name == "honey")
    };
    for attr in attrs.iter().filter(is_ours) {
        diagnostics.error_at(attr, format!("duplicate `{MACRO}` on one function"));
    }
}

/// E11, and `sync` where there is nothing to choose.
fn future_options(
    args: &EventArgs,
    function: &Function,
    shape: Shape,
    diagnostics: &mut Diagnostics,
) {
    let is_async = function.sig.asyncness.is_some();
    let makes_future = is_async || shape.is_future() || args.future.is_set();
    let makes_future = makes_future && !args.sync.is_set();
    for (option, span) in [
        ("boxed", args.boxed.span()),
        ("async_stats", args.async_stats.span()),
    ] {
        if let Some(span) = span.filter(|_| !makes_future) {
            diagnostics.error(
                span,
                format!("`{option}` needs an `async fn` or a function returning a future"),
            );
        }
    }
    for (option, span) in [("sync", args.sync.span()), ("future", args.future.span())] {
        if let Some(span) = span.filter(|_| is_async) {
            diagnostics.error(
                span,
                format!("`{option}` is for functions that return a future without being `async`"),
            );
        }
    }
}

/// E12
fn sync_or_future(args: &EventArgs, diagnostics: &mut Diagnostics) {
    if args.future.is_set() {
        if let Some(span) = args.sync.span() {
            diagnostics.error(span, "`sync` cannot be combined with `future`");
        }
    }
}

/// E18
fn parent_or_root(args: &EventArgs, diagnostics: &mut Diagnostics) {
    if args.root.is_set() {
        if let Some(span) = args.parent.span() {
            diagnostics.error(span, "`parent` cannot be combined with `root`");
        }
    }
}

/// What a rolled-up call has no place for, since it is no event.
fn rollup_alone(args: &EventArgs, diagnostics: &mut Diagnostics) {
    if !args.rollup.is_set() {
        return;
    }
    let span_of =
        |inspection: &super::args::Inspection| inspection.option.as_ref().map(Ident::span);
    let others = [
        ("fields", args.fields_given),
        ("ret", span_of(&args.ret)),
        ("ok", span_of(&args.ok)),
        ("bind", args.bind.span()),
        ("dataset", args.dataset.span()),
        ("root", args.root.span()),
        ("parent", args.parent.span()),
        ("sample", args.sample.span()),
        ("min_duration", args.min_duration.span()),
        ("async_stats", args.async_stats.span()),
    ];
    for (option, span) in others {
        if let Some(span) = span {
            diagnostics.error(
                span,
                format!(
                    "`{option}` cannot be combined with `rollup`: the call is no event of its own"
                ),
            );
        }
    }
}

/// `ret`, `ok` and `err`, where they were given.
fn inspections(args: &EventArgs) -> impl Iterator<Item = &Ident> {
    [&args.ret, &args.ok, &args.err]
        .into_iter()
        .filter_map(|inspection| inspection.option.as_ref())
}

/// E14
fn something_to_inspect(args: &EventArgs, shape: Shape, diagnostics: &mut Diagnostics) {
    if shape == Shape::Never {
        for option in inspections(args) {
            diagnostics.error(
                option.span(),
                "this function never returns (`-> !`); `ret`/`ok`/`err` have nothing to record",
            );
        }
    }
}

/// E13, as far as the syntax tells; the compiler tells the rest.
fn result_to_inspect(
    args: &EventArgs,
    function: &Function,
    shape: Shape,
    diagnostics: &mut Diagnostics,
) {
    if shape == Shape::Never {
        return;
    }
    let written = &function.sig.output;
    let inside = match written {
        syn::ReturnType::Type(_, ty) if shape.is_future() && !args.sync.is_set() => {
            returns::future_output(ty)
        }
        _ => None,
    };
    let output = match (&inside, shape.is_future() && !args.sync.is_set()) {
        (Some(inside), _) => inside,
        (None, false) => written,
        (None, true) => return,
    };
    let Some(ty) = returns::surely_no_result(output) else {
        return;
    };
    for inspection in [&args.ok, &args.err] {
        if let Some(option) = &inspection.option {
            diagnostics.error(
                option.span(),
                format!(
                    "`{option}` needs a `Result` return type, but this function returns `{ty}`"
                ),
            );
        }
    }
}

/// E15
fn caller_location_kept(
    args: &EventArgs,
    function: &Function,
    shape: Shape,
    diagnostics: &mut Diagnostics,
) {
    let tracks = has_track_caller(&function.attrs);
    if tracks && function.sig.asyncness.is_none() && !shape.is_future() {
        for option in inspections(args) {
            diagnostics.error(
                option.span(),
                format!(
                    "`{option}` cannot be combined with `#[track_caller]` on a non-async function: wrapping the body \
                     would change the caller location"
                ),
            );
        }
    }
}

pub(crate) fn has_track_caller(attrs: &[Attribute]) -> bool {
    attrs
        .iter()
        .any(|attr| attr.path().is_ident("track_caller"))
}

/// E6, for the event
fn event_name(args: &EventArgs, diagnostics: &mut Diagnostics) {
    if let Some(Name::Literal(literal)) = args.name.get() {
        field_name::check_event_name(&literal.value(), literal.span(), diagnostics);
    }
}

/// E16
fn sample_rate(args: &EventArgs, diagnostics: &mut Diagnostics) {
    if let Some(Expr::Lit(ExprLit {
        lit: Lit::Int(rate),
        ..
    })) = args.sample.get()
    {
        if rate.base10_digits() == "0" {
            diagnostics.error(rate.span(), "sample rate must be at least 1");
        }
    }
}

/// E3
fn parameters_exist(args: &EventArgs, function: &Function, diagnostics: &mut Diagnostics) {
    let bindings = function.bindings();
    for field in &args.fields {
        let Field::Argument { ident, .. } = field else {
            continue;
        };
        if bindings.iter().any(|binding| binding.ident == *ident) {
            continue;
        }
        let names: Vec<String> = bindings
            .iter()
            .map(|binding| binding.ident.to_string())
            .collect();
        let parameters = match names.as_slice() {
            [] => "it has none".to_owned(),
            [one] => format!("its only parameter is `{one}`"),
            several => format!("parameters are {}", suggest::list(several)),
        };
        diagnostics.error(
            ident.span(),
            format!(
                "no parameter named `{ident}` in this function; {parameters}. To record an expression write `{ident} = \
                 <expr>`"
            ),
        );
    }
}
