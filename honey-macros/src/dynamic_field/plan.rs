//! Everything that is decided about one dynamic field.

use proc_macro2::Ident;
use syn::ext::IdentExt as _;
use syn::punctuated::Punctuated;
use syn::{Attribute, ItemFn, LitStr, Meta, Token};

use crate::crate_path::CratePath;

use super::args::Args;

pub(crate) struct Plan {
    pub(crate) krate: CratePath,
    /// The `#[cfg(..)]` of the function: the registration comes and goes with it.
    pub(crate) cfg: Vec<Attribute>,
    pub(crate) function: Ident,
    pub(crate) name: LitStr,
    pub(crate) gives: Gives,
    pub(crate) refresh: Refresh,
}

/// How often the function is called.
pub(crate) enum Refresh {
    Always,
    /// In nanoseconds.
    Every(u64),
    Once,
}

/// What the function returns.
pub(crate) enum Gives {
    Value,
    Fields,
}

impl Plan {
    pub(crate) fn new(mut args: Args, function: &ItemFn) -> Self {
        let ident = &function.sig.ident;
        Self {
            cfg: function
                .attrs
                .iter()
                .filter(|attr| decides_existence(attr))
                .cloned()
                .collect(),
            function: ident.clone(),
            name: args
                .name
                .take()
                .unwrap_or_else(|| LitStr::new(&ident.unraw().to_string(), ident.span())),
            gives: if args.fields.is_set() {
                Gives::Fields
            } else {
                Gives::Value
            },
            refresh: match args.every.get() {
                Some(interval) => Refresh::Every(*interval),
                None if args.once.is_set() => Refresh::Once,
                None => Refresh::Always,
            },
            krate: CratePath::new(args.krate.take()),
        }
    }
}

/// `#[cfg(..)]`, or a `#[cfg_attr(..)]` that may add one.
fn decides_existence(attr: &Attribute) -> bool {
    if attr.path().is_ident("cfg_attr") {
        let conditional = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        return conditional
            .is_ok_and(|parts| parts.iter().skip(1).all(|part| part.path().is_ident("cfg")));
    }
    attr.path().is_ident("cfg")
}
