//! The rules of `#[derive(HoneyFields)]`, one function each. They report; they decide nothing.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::{Data, DeriveInput, Fields, Member};

use crate::diagnostics::Diagnostics;
use crate::field_name::{self, Seen};

use super::args::{Container, Field};

/// D1
pub(crate) fn not_union(input: &DeriveInput, diagnostics: &mut Diagnostics) {
    if let Data::Union(union) = &input.data {
        diagnostics.error(
            union.union_token.span,
            "HoneyFields can only be derived for structs and enums",
        );
    }
}

/// D13 and D14
pub(crate) fn tagged(input: &DeriveInput, container: &Container, diagnostics: &mut Diagnostics) {
    let name = &input.ident;
    let is_enum = matches!(input.data, Data::Enum(_));
    if is_enum && !container.tag.is_set() && !container.untagged.is_set() {
        diagnostics.error(
            name.span(),
            format!("enum `{name}` needs `#[honey(tag = \"...\")]` or `#[honey(untagged)]`"),
        );
    }
    for (option, span) in [
        ("tag", container.tag.span()),
        ("untagged", container.untagged.span()),
        ("rename_all_fields", container.rename_all_fields.span()),
    ] {
        if let Some(span) = span.filter(|_| !is_enum) {
            diagnostics.error(span, format!("`{option}` is only supported on enums"));
        }
    }
    if let (Some(span), true) = (container.untagged.span(), container.tag.is_set()) {
        diagnostics.error(span, "`untagged` cannot be combined with `tag`");
    }
}

/// E6 for the names that were written.
pub(crate) fn written_names(container: &Container, diagnostics: &mut Diagnostics) {
    for literal in [container.prefix.get(), container.tag.get()]
        .into_iter()
        .flatten()
    {
        field_name::check_well_formed(&literal.value(), literal.span(), diagnostics);
    }
}

/// D12. Whether it was reported: then the field's own missing name is not.
pub(crate) fn not_a_value(input: &DeriveInput, diagnostics: &mut Diagnostics) -> bool {
    let Data::Struct(data) = &input.data else {
        return false;
    };
    let Fields::Unnamed(fields) = &data.fields else {
        return false;
    };
    let is_value = fields.unnamed.len() == 1
        && fields
            .unnamed
            .iter()
            .all(|field| !field.attrs.iter().any(|attr| attr.path().is_ident("honey")));
    if is_value {
        diagnostics.error(
            input.ident.span(),
            "this one-field struct looks like a value: use `#[derive(HoneyValue)]` or name the field",
        );
    }
    is_value
}

/// D4, D5, D6, D7: which attributes go together on one field.
pub(crate) fn combinations(field: &Field, diagnostics: &mut Diagnostics) {
    let formats = field.formats();
    let rename = field.rename.span().map(|span| ("rename", span));
    let unit = field.unit.span().map(|span| ("unit", span));
    let redact = field.redact.span().map(|span| ("redact", span));
    if let Some(skip) = field.skip.span() {
        let others = [
            ("flatten", field.flatten.span()),
            ("prefix", field.prefix.span()),
            ("skip_if", field.skip_if.span()),
            ("redact", field.redact.span()),
            ("null", field.null.span()),
            ("record", field.record.span()),
        ];
        let others = others
            .into_iter()
            .filter_map(|(name, span)| span.map(|span| (name, span)));
        let first = rename
            .into_iter()
            .chain(unit)
            .chain(formats)
            .chain(others)
            .next();
        if let Some((other, _)) = first {
            diagnostics.error(skip, format!("`skip` cannot be combined with `{other}`"));
        }
        return;
    }
    if let Some(flatten) = field.flatten.span() {
        if rename
            .into_iter()
            .chain(unit)
            .chain(redact)
            .chain(formats)
            .next()
            .is_some()
        {
            diagnostics.error(
                flatten,
                "`flatten` cannot be combined with `rename`/`display`/`debug`/`with`/`unit`/`redact`/`len`/`json`",
            );
        }
        if let Some(null) = field.null.span() {
            diagnostics.error(null, "`null` cannot be combined with `flatten`");
        }
        return;
    }
    if let Some(span) = field.prefix.span() {
        diagnostics.error(span, "`prefix` on a field needs `flatten`");
    }
    if let Some((_, second)) = formats.get(1) {
        diagnostics.error(
            *second,
            "only one of `display`, `debug`, `with`, `json`, `len` may be used",
        );
        return;
    }
    let deciding: Vec<_> = formats.into_iter().chain(unit).chain(redact).collect();
    if let [(_, first), (decides, _)] = deciding.as_slice() {
        let text = format!("`{decides}` decides how the value is written; remove one of the two");
        diagnostics.error(*first, text);
    }
}

/// D16
pub(crate) fn decided(
    args: &Field,
    field: &syn::Field,
    member: &Member,
    diagnostics: &mut Diagnostics,
) {
    if args.given {
        return;
    }
    let (name, span) = match member {
        Member::Named(ident) => (ident.unraw().to_string(), ident.span()),
        Member::Unnamed(index) => (
            index.index.to_string(),
            syn::spanned::Spanned::span(&field.ty),
        ),
    };
    diagnostics.error(
        span,
        format!("field `{name}` has no `#[honey(..)]` decision (the type is marked `explicit`)"),
    );
}

/// E6, D9, D10 and D15 over the fields of one struct or variant.
pub(crate) struct Names<'a> {
    pub(crate) type_name: &'a Ident,
    pub(crate) allow_reserved: bool,
    pub(crate) seen: Seen<Named>,
}

/// A field that has a name, to point at.
#[derive(Clone)]
pub(crate) struct Named {
    /// What to call it.
    pub(crate) written: String,
    pub(crate) span: Span,
}

impl Names<'_> {
    pub(crate) fn add(&mut self, key: &str, named: Named, diagnostics: &mut Diagnostics) {
        if !field_name::check_well_formed(key, named.span, diagnostics) {
            return;
        }
        if !self.allow_reserved {
            let advice = ", give the type a `#[honey(prefix = \"...\")]`, or write `#[honey(allow_reserved)]` on it";
            field_name::check_not_reserved(key, named.span, advice, diagnostics);
        }
        let Named { span, written } = named.clone();
        if let Some(first) = self.seen.insert(key, named) {
            let text = format!(
                "field name `{key}` is used twice in `{}` (also by {})",
                self.type_name, first.written
            );
            let mut error = syn::Error::new(span, text);
            error.combine(syn::Error::new(
                first.span,
                format!(
                    "field name `{key}` is used twice in `{}` (also by {written})",
                    self.type_name
                ),
            ));
            diagnostics.push(error);
        }
    }
}
