//! The rules of `#[derive(HoneyValue)]`.

use proc_macro2::Span;
use quote::ToTokens;
use syn::{Data, DeriveInput, Field, Fields, Member, Type};

use crate::diagnostics::Diagnostics;
use crate::fields::bounds::is_phantom_data;

use super::args;

const WHAT: &str = "HoneyValue can only be derived for enums whose variants have no data and for one-field structs";

/// D19 for enums.
pub(crate) fn unit_variant(variant: &syn::Variant, diagnostics: &mut Diagnostics) {
    if !matches!(variant.fields, Fields::Unit) {
        diagnostics.error_at(&variant.fields, WHAT);
    }
}

/// D19 for the rest: the one field that is not `PhantomData`.
pub(crate) fn only_field<'a>(
    input: &'a DeriveInput,
    diagnostics: &mut Diagnostics,
) -> Option<(&'a Field, Member)> {
    let Data::Struct(data) = &input.data else {
        let span = match &input.data {
            Data::Union(union) => union.union_token.span,
            _ => Span::call_site(),
        };
        diagnostics.error(span, WHAT);
        return None;
    };
    let is_phantom =
        |field: &Field| matches!(&field.ty, Type::Path(path) if is_phantom_data(&path.path));
    let mut fields = data
        .fields
        .iter()
        .zip(data.fields.members())
        .filter(|(field, _)| !is_phantom(field));
    match (fields.next(), fields.next()) {
        (Some(only), None) => Some(only),
        (_, second) => {
            let at: &dyn ToTokens = match &second {
                Some((field, _)) => field,
                None => &input.ident,
            };
            diagnostics.error_at(at, WHAT);
            None
        }
    }
}

/// D7
pub(crate) fn one_format(field: &args::Field, diagnostics: &mut Diagnostics) {
    let given = [&field.display, &field.debug, &field.json];
    if let Some(span) = given.iter().filter_map(|it| it.span()).nth(1) {
        diagnostics.error(span, "only one of `display`, `debug`, `json` may be used");
    }
}
