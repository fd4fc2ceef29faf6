//! How the body of the function runs: as it stands, in a closure, or as a future.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{FnArg, Pat, ReturnType, Type};

use super::args::EventArgs;
use super::check::has_track_caller;
use super::erase;
use super::function::Function;
use super::returns::Shape;

/// How the body runs.
pub(crate) enum Run {
    /// Its statements stand behind ours.
    Inline,
    /// In a closure, since its value is looked at.
    Called { returns: ClosureReturns },
    /// In an async block.
    Async {
        returns: ClosureReturns,
        boxed: bool,
    },
    /// In a closure that makes a future, which is wrapped.
    Future {
        returns: ClosureReturns,
        boxed: bool,
    },
}

/// What is known of the value that the body gives.
pub(crate) enum ClosureReturns {
    /// The type can be written.
    Written(ReturnType),
    /// It has an `impl Trait` inside: with `_` for it, as the operand of a `return` that never runs.
    Erased(Box<Type>),
    /// Nothing can be said.
    Inferred,
}

impl Run {
    pub(crate) fn of(args: &EventArgs, function: &Function, shape: Shape) -> Self {
        let output = &function.sig.output;
        let boxed = args.boxed.is_set();
        if function.sig.asyncness.is_some() {
            let returns = match shape {
                Shape::Never => ClosureReturns::Inferred,
                _ => ClosureReturns::of(output),
            };
            return Self::Async { returns, boxed };
        }
        if !args.sync.is_set() {
            match shape {
                Shape::ImplFuture => {
                    return Self::Future {
                        returns: ClosureReturns::Inferred,
                        boxed,
                    };
                }
                Shape::BoxedFuture => {
                    return Self::Future {
                        returns: ClosureReturns::of(output),
                        boxed: true,
                    };
                }
                _ if args.future.is_set() => {
                    return Self::Future {
                        returns: ClosureReturns::of(output),
                        boxed: true,
                    };
                }
                _ => {}
            }
        }
        let looks_inside = [&args.ret, &args.ok, &args.err]
            .iter()
            .any(|it| it.option.is_some());
        let for_outcome = match args.outcome.get() {
            Some(wanted) => *wanted,
            None => shape == Shape::Result,
        };
        if shape != Shape::Never
            && !has_track_caller(&function.attrs)
            && (looks_inside || for_outcome)
        {
            return Self::Called {
                returns: ClosureReturns::of(output),
            };
        }
        Self::Inline
    }
}

impl ClosureReturns {
    pub(crate) fn of(output: &ReturnType) -> Self {
        match output {
            ReturnType::Default => Self::Written(output.clone()),
            ReturnType::Type(_, ty) => match erase::erased(ty) {
                None => Self::Written(output.clone()),
                Some(Type::Infer(_)) => Self::Inferred,
                Some(erased) => Self::Erased(Box::new(erased)),
            },
        }
    }
}

/// Takes `mut` from the parameters that are plain names, and gives the statements that bind them again. A captured variable
/// cannot borrow from the body's own locals; a variable of the body can.
pub(crate) fn rebind_mut_parameters(function: &mut Function) -> TokenStream {
    let mut rebinds = TokenStream::new();
    for input in &mut function.sig.inputs {
        let FnArg::Typed(argument) = input else {
            continue;
        };
        let cfg = argument
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("cfg"));
        if let Pat::Ident(pat) = &mut *argument.pat {
            if pat.by_ref.is_none() && pat.subpat.is_none() {
                if let Some(mutability) = pat.mutability.take() {
                    let ident = &pat.ident;
                    rebinds.extend(quote! { #(#cfg)* let #mutability #ident = #ident; });
                }
            }
        }
    }
    rebinds
}
