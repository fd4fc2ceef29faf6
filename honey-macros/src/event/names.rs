//! The rules for the names of an event's fields.

use proc_macro2::Span;
use syn::ext::IdentExt as _;

use crate::diagnostics::Diagnostics;
use crate::field_name::{self, Seen};

use super::args::{EventArgs, Inspection};
use super::plan::RETURN_KEY;
use super::value::{Field, Key, Projection};

/// E4, E5 and E6, for the fields. `ok` and `err` exclude each other, so they may share a name.
pub(super) fn check(args: &EventArgs, diagnostics: &mut Diagnostics) {
    let prefix = args
        .prefix
        .get()
        .map(syn::LitStr::value)
        .unwrap_or_default();
    if let Some(literal) = args.prefix.get() {
        field_name::check_well_formed(&literal.value(), literal.span(), diagnostics);
    }
    let mut seen = Seen::new();
    let mut check = |(name, span): (String, Span), seen: &mut Seen<()>| {
        if !field_name::check_well_formed(&name, span, diagnostics) {
            return;
        }
        let name = prefix.clone() + &name;
        field_name::check_not_reserved(&name, span, "", diagnostics);
        if seen.insert(&name, ()).is_some() {
            diagnostics.error(span, format!("field `{name}` is recorded twice"));
        }
    };
    for named in args.fields.iter().filter_map(field_key) {
        check(named, &mut seen);
    }
    for named in inspected_keys(&args.ret) {
        check(named, &mut seen);
    }
    for inspection in [&args.ok, &args.err] {
        let mut seen = seen.clone();
        for named in inspected_keys(inspection) {
            check(named, &mut seen);
        }
    }
}

fn field_key(field: &Field) -> Option<(String, Span)> {
    match field {
        Field::Argument { ident, .. } => Some((ident.unraw().to_string(), ident.span())),
        Field::Named { key, .. } => literal_key(key),
        Field::Splat { .. } => None,
    }
}

fn inspected_keys(inspection: &Inspection) -> impl Iterator<Item = (String, Span)> {
    let bare = inspection.option.iter().filter(|_| inspection.bare);
    bare.map(|option| (RETURN_KEY.to_owned(), option.span()))
        .chain(
            inspection
                .fields
                .iter()
                .filter_map(|Projection { key, .. }| literal_key(key)),
        )
}

fn literal_key(key: &Key) -> Option<(String, Span)> {
    match key {
        Key::Name { text, span } => Some((text.clone(), *span)),
        Key::Const(_) => None,
    }
}
