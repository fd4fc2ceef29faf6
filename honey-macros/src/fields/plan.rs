//! Everything that is decided about one derived `impl`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{Data, DeriveInput, Fields, Generics, LitStr, Member, Path, Type};

use crate::crate_path::CratePath;
use crate::diagnostics::Diagnostics;
use crate::field_name::Seen;
use crate::hygiene;

use super::args::{self, Container};
use super::bounds::{Bounds, is_phantom_data};
use super::case::Case;
use super::check::{self, Named, Names};
use super::format::{Format, How};

pub(crate) struct Plan {
    pub(crate) krate: CratePath,
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) where_clause: TokenStream,
    pub(crate) shape: Shape,
}

pub(crate) enum Shape {
    Struct(Vec<Field>),
    Enum(Vec<Variant>),
}

pub(crate) struct Variant {
    pub(crate) ident: Ident,
    /// `member: name`, for each field that is recorded.
    pub(crate) bindings: Vec<(Member, Ident)>,
    /// The key and the value that tell the variants apart.
    pub(crate) tag: Option<(String, String)>,
    pub(crate) fields: Vec<Field>,
}

pub(crate) struct Field {
    /// A reference to the value.
    pub(crate) reference: TokenStream,
    pub(crate) span: Span,
    pub(crate) skip_if: Option<Path>,
    /// A `None` is recorded as `null`.
    pub(crate) null: bool,
    /// The type is written as an `Option`, and the format does not know what to do with a `None`.
    pub(crate) unwraps_option: bool,
    pub(crate) how: How,
}

impl Plan {
    pub(crate) fn new(
        input: &DeriveInput,
        container: &Container,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        check::not_union(input, diagnostics);
        check::tagged(input, container, diagnostics);
        check::written_names(container, diagnostics);
        let krate = CratePath::new(container.krate.get().cloned());
        let private = krate.private();
        let mut planner = Planner {
            container,
            type_name: &input.ident,
            bounds: Bounds::of(&input.ident, &input.generics),
            private,
            diagnostics,
        };
        let shape = match &input.data {
            Data::Struct(data) => {
                let is_value = check::not_a_value(input, planner.diagnostics);
                Shape::Struct(planner.struct_fields(&data.fields, is_value))
            }
            Data::Enum(data) => {
                Shape::Enum(data.variants.iter().map(|it| planner.variant(it)).collect())
            }
            Data::Union(_) => Shape::Struct(Vec::new()),
        };
        let instead = container.bound.get().map(Vec::as_slice);
        Self {
            where_clause: planner.bounds.where_clause(&input.generics, instead),
            ident: input.ident.clone(),
            generics: input.generics.clone(),
            krate,
            shape,
        }
    }

    /// The same `impl`, recording nothing.
    pub(crate) fn without_fields(self) -> Self {
        Self {
            shape: Shape::Struct(Vec::new()),
            where_clause: self.generics.where_clause.to_token_stream(),
            ..self
        }
    }
}

struct Planner<'a> {
    container: &'a Container,
    type_name: &'a Ident,
    bounds: Bounds<'a>,
    private: TokenStream,
    diagnostics: &'a mut Diagnostics,
}

impl<'a> Planner<'a> {
    fn struct_fields(&mut self, fields: &Fields, is_value: bool) -> Vec<Field> {
        let case = self.container.rename_all.get().copied().flatten();
        let mut names = self.names();
        let mut planned = Vec::new();
        for (field, member) in fields.iter().zip(fields.members()) {
            // `self` must be the one of the method, which is written at the call site.
            let span = Span::call_site().located_at(first_span(&field.ty));
            let reference = quote_spanned! {span=> &self.#member };
            planned.extend(self.field(field, &member, reference, case, &mut names, is_value));
        }
        planned
    }

    fn variant(&mut self, variant: &syn::Variant) -> Variant {
        let args = args::Variant::parse(&variant.attrs, self.diagnostics);
        let written = variant.ident.unraw().to_string();
        let renamed = args.rename.get().map(LitStr::value);
        let case = self.container.rename_all.get().copied().flatten();
        let value = renamed.unwrap_or_else(|| {
            case.map_or_else(|| written.clone(), |case| case.of_variant(&written))
        });
        let mut names = self.names();
        let tag = self.container.tag.get().map(|tag| {
            let key = self.prefixed(&tag.value());
            let tag = Named {
                written: "the tag".to_owned(),
                span: tag.span(),
            };
            names.seen.insert(&key, tag);
            (key, value)
        });
        let fields_case = args
            .rename_all
            .get()
            .or(self.container.rename_all_fields.get())
            .copied()
            .flatten();
        let mut bindings = Vec::new();
        let mut fields = Vec::new();
        for (index, (field, member)) in variant
            .fields
            .iter()
            .zip(variant.fields.members())
            .enumerate()
        {
            let mut name = hygiene::variant_field(index);
            name.set_span(hygiene::located(first_span(&field.ty)));
            let reference = name.to_token_stream();
            if let Some(field) =
                self.field(field, &member, reference, fields_case, &mut names, false)
            {
                bindings.push((member, name));
                fields.push(field);
            }
        }
        Variant {
            ident: variant.ident.clone(),
            bindings,
            tag,
            fields,
        }
    }

    fn names(&self) -> Names<'a> {
        Names {
            type_name: self.type_name,
            allow_reserved: self.container.allow_reserved.is_set(),
            seen: Seen::new(),
        }
    }

    fn field(
        &mut self,
        field: &syn::Field,
        member: &Member,
        reference: TokenStream,
        case: Option<Case>,
        names: &mut Names<'_>,
        is_value: bool,
    ) -> Option<Field> {
        let mut args = args::Field::parse(&field.attrs, self.diagnostics);
        check::combinations(&args, self.diagnostics);
        let is_phantom = matches!(&field.ty, Type::Path(path) if is_phantom_data(&path.path));
        if is_phantom && !args.given {
            return None;
        }
        if self.container.explicit.is_set() {
            check::decided(&args, field, member, self.diagnostics);
        }
        if args.skip.is_set() {
            return None;
        }
        let how = if args.flatten.is_set() {
            let own = args.prefix.get().map(LitStr::value).unwrap_or_default();
            let prefix = self.prefixed(&own);
            How::Flatten {
                prefix: Some(prefix).filter(|prefix| !prefix.is_empty()),
            }
        } else {
            let format = Format::of(&mut args);
            let (key, field) = self.named(field, member, &args, case, &format, is_value)?;
            names.add(&key.value(), field, self.diagnostics);
            How::Put { key, format }
        };
        let (bound, knows_none) = how.bound(&self.private);
        if let Some(bound) = bound {
            match how {
                How::Flatten { .. } => self.bounds.need_fields(&field.ty, &bound),
                How::Put { .. } => self.bounds.need(&field.ty, &bound),
            }
        }
        Some(Field {
            reference,
            span: first_span(&field.ty),
            skip_if: args.skip_if.take(),
            null: args.null.is_set(),
            unwraps_option: !knows_none && is_option(&field.ty),
            how,
        })
    }

    /// The key, and what to call the field in errors.
    fn named(
        &mut self,
        field: &syn::Field,
        member: &Member,
        args: &args::Field,
        case: Option<Case>,
        format: &Format,
        is_value: bool,
    ) -> Option<(LitStr, Named)> {
        let (written, span) = match (args.rename.get(), member) {
            (Some(rename), _) => (rename.value(), rename.span()),
            (None, Member::Named(ident)) => {
                let written = ident.unraw().to_string();
                let cased = case.map_or_else(|| written.clone(), |case| case.of_field(&written));
                let suffix = match format {
                    Format::Unit(unit) => unit.suffix(),
                    _ => "",
                };
                (cased + suffix, ident.span())
            }
            (None, Member::Unnamed(_)) => {
                if !is_value {
                    let text =
                        "unnamed field needs `#[honey(rename = \"...\")]`, `flatten` or `skip`";
                    self.diagnostics.error_at(&field.ty, text);
                }
                return None;
            }
        };
        let named = Named {
            written: match member {
                Member::Named(ident) => format!("field `{}`", ident.unraw()),
                Member::Unnamed(index) => format!("field `{}`", index.index),
            },
            span,
        };
        // The whole key is checked later; here only what a prefix would hide.
        if written.is_empty() {
            self.diagnostics.error(
                span,
                "field name must not be empty or contain whitespace/control characters",
            );
            return None;
        }
        Some((LitStr::new(&self.prefixed(&written), span), named))
    }

    fn prefixed(&self, name: &str) -> String {
        self.container
            .prefix
            .get()
            .map(LitStr::value)
            .unwrap_or_default()
            + name
    }
}

fn is_option(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_option(&group.elem),
        Type::Path(path) => path
            .path
            .segments
            .last()
            .is_some_and(|segment| segment.ident == "Option"),
        _ => false,
    }
}

fn first_span(ty: &Type) -> Span {
    let first = ty.to_token_stream().into_iter().next();
    first.map_or_else(Span::call_site, |token| token.span())
}
