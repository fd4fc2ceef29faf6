//! Everything that is decided about one instrumented function. From here on nothing can fail.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, LitStr, ReturnType, Signature, Type};

use crate::crate_path::CratePath;

use super::args::{EventArgs, Name};
use super::catalog::Entry;
use super::erase;
use super::function::{Binding, Body, Function};
use super::outcome::Outcome;
use super::returns::{self, Shape};
use super::run::{self, Run};
use super::value::{Field, Form, Key};

/// The name of the field that `ret` alone writes.
pub(crate) const RETURN_KEY: &str = "return";

/// Whether functions are registered.
#[cfg(not(test))]
const fn is_catalogued() -> bool {
    cfg!(feature = "catalog")
}
#[cfg(test)]
use crate::tests::is_catalogued;

pub(crate) struct Plan {
    pub(crate) krate: CratePath,
    /// Attributes, visibility and signature, as written but for `mut` of the parameters that are bound again.
    pub(crate) head: TokenStream,
    pub(crate) body: Body,
    pub(crate) start: Start,
    pub(crate) captures: Vec<Capture>,
    pub(crate) bind: Option<Ident>,
    /// `let mut a = a;` inside the block that the body moves into.
    pub(crate) rebinds: TokenStream,
    pub(crate) run: Run,
    /// The function's name, to point at where the signature says nothing.
    pub(crate) span: Span,
    pub(crate) outcome: Outcome,
    /// Count the polls of the future.
    pub(crate) async_stats: bool,
    /// The return type to ask whether it is a future.
    pub(crate) future_probe: Option<Type>,
}

/// How the event starts.
pub(crate) struct Start {
    /// A `&'static str`, in const context.
    pub(crate) name: TokenStream,
    pub(crate) when: Option<Expr>,
    /// The fields of `StartOptions` that differ from the default.
    pub(crate) options: Vec<TokenStream>,
    /// What the catalogue says, if there is to be one.
    pub(crate) entry: Option<Entry>,
    /// The call goes into the event around it.
    pub(crate) rollup: Option<RollupNames>,
}

/// What stands behind the name of a rolled-up call, as in the runtime's `event/rollup.rs`.
pub(crate) const ROLLUP_SUFFIXES: [&str; 4] = [".count", ".total_ms", ".max_ms", ".errors"];

/// What the fields of a rolled-up call are called.
pub(crate) enum RollupNames {
    /// Count, total, largest, errors.
    Known([LitStr; 4]),
    /// The compiler knows the name, so they are joined at run time.
    Joined,
}

/// One field, evaluated at entry.
pub(crate) struct Capture {
    pub(crate) cfg: Vec<Attribute>,
    pub(crate) field: Recorded,
}

pub(crate) enum Recorded {
    Value {
        key: FieldKey,
        form: Form,
        value: TokenStream,
        span: Span,
    },
    Fields {
        prefix: Option<String>,
        value: TokenStream,
        span: Span,
    },
}

pub(crate) enum FieldKey {
    Literal(LitStr),
    Const { prefix: Option<String>, value: Expr },
}

impl Plan {
    pub(crate) fn new(mut args: EventArgs, mut function: Function) -> Self {
        let shape = Shape::of(&function.sig.output);
        let bindings = function.bindings();
        let run = Run::of(&args, &function, shape);
        let may_fail = may_fail(&function, shape, &run);
        let rebinds = match run {
            Run::Async { .. } => run::rebind_mut_parameters(&mut function),
            _ => TokenStream::new(),
        };
        let prefix = args.prefix.get().map(LitStr::value);
        let future_probe = match (&run, shape, &function.sig.output) {
            (Run::Inline, Shape::Unknown, ReturnType::Type(_, ty)) if !args.sync.is_set() => {
                Some(Type::clone(ty)).filter(|ty| erase::erased(ty).is_none())
            }
            _ => None,
        };
        let Function {
            attrs,
            vis,
            sig,
            body,
        } = function;
        Self {
            head: quote! { #(#attrs)* #vis #sig },
            body,
            start: Start::of(&args, &sig, &attrs),
            captures: args
                .fields
                .iter()
                .map(|field| Capture::of(field, prefix.as_deref(), &bindings))
                .collect(),
            outcome: Outcome::of(&mut args, may_fail, prefix.as_deref()),
            span: sig.ident.span(),
            rebinds,
            run,
            future_probe,
            async_stats: args.async_stats.is_set(),
            bind: args.bind.take(),
            krate: CratePath::new(args.krate.take()),
        }
    }
}

/// Whether the value that comes out in the end may be a `Result`.
fn may_fail(function: &Function, shape: Shape, run: &Run) -> bool {
    let output = &function.sig.output;
    let surely_not = match (run, output) {
        (_, _) if shape == Shape::Never => true,
        (Run::Future { .. }, ReturnType::Type(_, ty)) => returns::future_output(ty)
            .is_some_and(|output| returns::surely_no_result(&output).is_some()),
        (Run::Future { .. }, ReturnType::Default) => false,
        _ => returns::surely_no_result(output).is_some(),
    };
    !surely_not
}

impl Start {
    fn of(args: &EventArgs, signature: &Signature, attrs: &[Attribute]) -> Self {
        let function = &signature.ident;
        let name = match args.name.get() {
            Some(Name::Literal(literal)) => literal.to_token_stream(),
            Some(Name::Path(path)) => path.to_token_stream(),
            None => LitStr::new(&function.unraw().to_string(), function.span()).to_token_stream(),
        };
        let rollup = args
            .rollup
            .is_set()
            .then(|| RollupNames::of(args, function));
        let mut options = Vec::new();
        let some = quote! { ::core::option::Option::Some };
        if let Some(parent) = args.parent.get() {
            // An event of this process or of another: what is neither is an error at the expression.
            let span = Span::mixed_site().located_at(parent.span());
            let parent = quote_spanned! {span=> ::core::convert::Into::into(#parent) };
            options.push(quote! { parent: #some(#parent) });
        }
        if args.root.is_set() {
            options.push(quote! { root: true });
        }
        if let Some(rate) = args.sample.get() {
            options.push(quote! { sample: #some(#rate) });
        }
        if let Some(dataset) = args.dataset.get() {
            options.push(quote! { dataset: #some(::core::convert::Into::into(#dataset)) });
        }
        if let Some(shortest) = args.min_duration.get() {
            options.push(quote! { min_duration_ns: #shortest });
        }
        Self {
            name,
            when: args.when.get().cloned(),
            options,
            entry: is_catalogued().then(|| Entry::of(args, signature, attrs, rollup.as_ref())),
            rollup,
        }
    }
}

impl RollupNames {
    fn of(args: &EventArgs, function: &Ident) -> Self {
        let (name, span) = match args.name.get() {
            Some(Name::Literal(literal)) => (literal.value(), literal.span()),
            Some(Name::Path(_)) => return Self::Joined,
            None => (function.unraw().to_string(), function.span()),
        };
        Self::Known(ROLLUP_SUFFIXES.map(|suffix| LitStr::new(&(name.clone() + suffix), span)))
    }
}

impl Capture {
    fn of(field: &Field, prefix: Option<&str>, bindings: &[Binding]) -> Self {
        match field {
            Field::Argument { form, ident } => {
                let binding = bindings.iter().find(|binding| binding.ident == *ident);
                let key = Key::Name {
                    text: ident.unraw().to_string(),
                    span: ident.span(),
                };
                Self {
                    cfg: binding
                        .map(|binding| binding.cfg.clone())
                        .unwrap_or_default(),
                    field: Recorded::Value {
                        key: FieldKey::of(&key, prefix),
                        form: *form,
                        value: ident.to_token_stream(),
                        span: ident.span(),
                    },
                }
            }
            Field::Named { key, form, value } => Self {
                cfg: Vec::new(),
                field: Recorded::Value {
                    key: FieldKey::of(key, prefix),
                    form: *form,
                    span: first_span(value),
                    value: operand(value),
                },
            },
            Field::Splat { value } => Self {
                cfg: Vec::new(),
                field: Recorded::Fields {
                    prefix: prefix.map(str::to_owned),
                    span: first_span(value),
                    value: operand(value),
                },
            },
        }
    }
}

impl FieldKey {
    pub(crate) fn of(key: &Key, prefix: Option<&str>) -> Self {
        match key {
            Key::Name { text, span } => Self::Literal(LitStr::new(
                &(prefix.unwrap_or_default().to_owned() + text),
                *span,
            )),
            Key::Const(value) => Self::Const {
                prefix: prefix.map(str::to_owned),
                value: value.clone(),
            },
        }
    }
}

/// `expr`, ready to stand behind a `&`.
pub(crate) fn operand(expr: &Expr) -> TokenStream {
    let stands_alone = matches!(
        expr,
        Expr::Array(_)
            | Expr::Block(_)
            | Expr::Call(_)
            | Expr::Field(_)
            | Expr::Index(_)
            | Expr::Lit(_)
            | Expr::Macro(_)
            | Expr::MethodCall(_)
            | Expr::Paren(_)
            | Expr::Path(_)
            | Expr::Tuple(_)
            | Expr::Reference(_)
            | Expr::Unary(_)
            | Expr::If(_)
            | Expr::Match(_)
    );
    if stands_alone {
        quote! { #expr }
    } else {
        quote! { (#expr) }
    }
}

/// Errors about a type point at its expression's first token.
pub(crate) fn first_span(expr: &impl ToTokens) -> Span {
    expr.to_token_stream()
        .into_iter()
        .next()
        .map_or_else(Span::call_site, |token| token.span())
}
