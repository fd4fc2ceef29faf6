//! The grammar of `#[honey(..)]` on a type, a variant and a field: what was written, without its meaning.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::punctuated::Punctuated;
use syn::{Attribute, DeriveInput, Expr, ExprLit, Lit, LitStr, Meta, Path, Token, WherePredicate};

use crate::diagnostics::Diagnostics;
use crate::list;
use crate::setting::{Noun, Setting};
use crate::suggest;

use super::case::Case;

const CONTAINER: &[&str] = &[
    "prefix",
    "rename_all",
    "rename_all_fields",
    "tag",
    "untagged",
    "explicit",
    "bound",
    "allow_reserved",
    "crate",
];
const VARIANT: &[&str] = &["rename", "rename_all"];
const FIELD: &[&str] = &[
    "rename", "flatten", "prefix", "skip", "skip_if", "display", "debug", "with", "len", "json",
    "unit", "redact", "null", "record",
];

/// On the type.
#[derive(Default)]
pub(crate) struct Container {
    pub(crate) prefix: Setting<LitStr>,
    pub(crate) rename_all: Setting<Option<Case>>,
    pub(crate) rename_all_fields: Setting<Option<Case>>,
    pub(crate) tag: Setting<LitStr>,
    pub(crate) untagged: Setting<()>,
    pub(crate) explicit: Setting<()>,
    pub(crate) bound: Setting<Vec<WherePredicate>>,
    pub(crate) allow_reserved: Setting<()>,
    pub(crate) krate: Setting<Path>,
}

/// On a variant of an enum.
#[derive(Default)]
pub(crate) struct Variant {
    pub(crate) rename: Setting<LitStr>,
    pub(crate) rename_all: Setting<Option<Case>>,
}

/// On a field.
#[derive(Default)]
pub(crate) struct Field {
    pub(crate) rename: Setting<LitStr>,
    pub(crate) flatten: Setting<()>,
    pub(crate) prefix: Setting<LitStr>,
    pub(crate) skip: Setting<()>,
    pub(crate) skip_if: Setting<Path>,
    pub(crate) display: Setting<()>,
    pub(crate) debug: Setting<()>,
    pub(crate) with: Setting<Path>,
    pub(crate) len: Setting<()>,
    pub(crate) json: Setting<()>,
    pub(crate) unit: Setting<Option<Unit>>,
    pub(crate) redact: Setting<Option<Redaction>>,
    pub(crate) null: Setting<()>,
    /// Changes nothing; it is a decision, for `explicit`.
    pub(crate) record: Setting<()>,
    /// Whether anything at all was written.
    pub(crate) given: bool,
}

/// The unit that a `Duration`, or a number of bytes, is recorded in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Nanoseconds,
    Microseconds,
    Milliseconds,
    Seconds,
    Bytes,
}

/// What is recorded instead of a value that must not show.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Redaction {
    /// A fixed text.
    Text,
    /// A keyed hash, which is the same for the same value.
    Hash,
    /// Its length.
    Len,
}

impl Container {
    pub(crate) fn parse(input: &DeriveInput, diagnostics: &mut Diagnostics) -> Self {
        let mut this = Self::default();
        each(&input.attrs, diagnostics, |name, input, diagnostics| {
            let noun = Noun::Attribute;
            match name.to_string().as_str() {
                "prefix" => this.prefix.set(noun, name, string(input)?, diagnostics),
                "rename_all" => {
                    let case = case(input, diagnostics)?;
                    this.rename_all.set(noun, name, case, diagnostics);
                }
                "rename_all_fields" => {
                    let case = case(input, diagnostics)?;
                    this.rename_all_fields.set(noun, name, case, diagnostics);
                }
                "tag" => this.tag.set(noun, name, string(input)?, diagnostics),
                "untagged" => this.untagged.set(noun, name, (), diagnostics),
                "explicit" => this.explicit.set(noun, name, (), diagnostics),
                "bound" => this.bound.set(noun, name, predicates(input)?, diagnostics),
                "allow_reserved" => this.allow_reserved.set(noun, name, (), diagnostics),
                "crate" => {
                    input.parse::<Token![=]>()?;
                    this.krate
                        .set(noun, name, Path::parse_mod_style(input)?, diagnostics);
                }
                _ => return Err(unknown(name, CONTAINER)),
            }
            Ok(())
        });
        this
    }
}

impl Variant {
    pub(crate) fn parse(attrs: &[Attribute], diagnostics: &mut Diagnostics) -> Self {
        let mut this = Self::default();
        each(attrs, diagnostics, |name, input, diagnostics| {
            match name.to_string().as_str() {
                "rename" => this
                    .rename
                    .set(Noun::Attribute, name, string(input)?, diagnostics),
                "rename_all" => {
                    let case = case(input, diagnostics)?;
                    this.rename_all
                        .set(Noun::Attribute, name, case, diagnostics);
                }
                _ => return Err(unknown(name, VARIANT)),
            }
            Ok(())
        });
        this
    }
}

impl Field {
    pub(crate) fn parse(attrs: &[Attribute], diagnostics: &mut Diagnostics) -> Self {
        let mut this = Self::default();
        each(attrs, diagnostics, |name, input, diagnostics| {
            this.given = true;
            let noun = Noun::Attribute;
            match name.to_string().as_str() {
                "rename" => this.rename.set(noun, name, string(input)?, diagnostics),
                "flatten" => this.flatten.set(noun, name, (), diagnostics),
                "prefix" => this.prefix.set(noun, name, string(input)?, diagnostics),
                "skip" => this.skip.set(noun, name, (), diagnostics),
                "skip_if" => this.skip_if.set(
                    noun,
                    name,
                    path(input, "skip_if", "Vec::is_empty")?,
                    diagnostics,
                ),
                "display" => this.display.set(noun, name, (), diagnostics),
                "debug" => this.debug.set(noun, name, (), diagnostics),
                "with" => this
                    .with
                    .set(noun, name, path(input, "with", "to_text")?, diagnostics),
                "len" => this.len.set(noun, name, (), diagnostics),
                "json" => this.json.set(noun, name, (), diagnostics),
                "unit" => {
                    let unit = unit(input, diagnostics)?;
                    this.unit.set(noun, name, unit, diagnostics);
                }
                "redact" => {
                    let redaction = redaction(input, diagnostics)?;
                    this.redact.set(noun, name, redaction, diagnostics);
                }
                "null" => this.null.set(noun, name, (), diagnostics),
                "record" => this.record.set(noun, name, (), diagnostics),
                _ => return Err(unknown(name, FIELD)),
            }
            Ok(())
        });
        this
    }

    /// The attributes that say how the value becomes a field, as written.
    pub(crate) fn formats(&self) -> Vec<(&'static str, Span)> {
        [
            ("display", self.display.span()),
            ("debug", self.debug.span()),
            ("with", self.with.span()),
            ("json", self.json.span()),
            ("len", self.len.span()),
        ]
        .into_iter()
        .filter_map(|(name, span)| span.map(|span| (name, span)))
        .collect()
    }
}

impl Unit {
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Nanoseconds => "_ns",
            Self::Microseconds => "_us",
            Self::Milliseconds => "_ms",
            Self::Seconds => "_s",
            Self::Bytes => "_bytes",
        }
    }
}

/// Calls `item` for each item of each `#[honey(..)]`.
pub(crate) fn each(
    attrs: &[Attribute],
    diagnostics: &mut Diagnostics,
    mut item: impl FnMut(&Ident, ParseStream, &mut Diagnostics) -> syn::Result<()>,
) {
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("honey")) {
        let Meta::List(attribute) = &attr.meta else {
            diagnostics.error_at(attr, "expected `#[honey(...)]`");
            continue;
        };
        let parsed = attribute.parse_args_with(|input: ParseStream| {
            list::read(input, diagnostics, |input, diagnostics| {
                let name = input.call(Ident::parse_any)?;
                item(&name, input, diagnostics)
            });
            Ok(())
        });
        diagnostics.keep(parsed);
    }
}

pub(crate) fn unknown(name: &Ident, known: &[&str]) -> syn::Error {
    syn::Error::new(
        name.span(),
        suggest::unknown("attribute", &name.to_string(), known),
    )
}

pub(crate) fn string(input: ParseStream) -> syn::Result<LitStr> {
    input.parse::<Token![=]>()?;
    input.parse()
}

fn path(input: ParseStream, attribute: &str, example: &str) -> syn::Result<Path> {
    input.parse::<Token![=]>()?;
    match input.parse()? {
        Expr::Path(path) if path.qself.is_none() => Ok(path.path),
        Expr::Lit(ExprLit {
            lit: Lit::Str(literal),
            ..
        }) => {
            let written = literal.value();
            let example = if written.is_empty() {
                example
            } else {
                &written
            };
            Err(syn::Error::new(
                literal.span(),
                format!("expected a path, not a string: write `{attribute} = {example}`"),
            ))
        }
        other => Err(syn::Error::new_spanned(other, "expected a path")),
    }
}

pub(crate) fn case(input: ParseStream, diagnostics: &mut Diagnostics) -> syn::Result<Option<Case>> {
    let literal = string(input)?;
    let case = Case::parse(&literal.value()).map_err(|text| syn::Error::new(literal.span(), text));
    Ok(diagnostics.keep(case))
}

pub(crate) fn predicates(input: ParseStream) -> syn::Result<Vec<WherePredicate>> {
    let literal = string(input)?;
    let predicates =
        literal.parse_with(Punctuated::<WherePredicate, Token![,]>::parse_terminated)?;
    Ok(predicates.into_iter().collect())
}

fn unit(input: ParseStream, diagnostics: &mut Diagnostics) -> syn::Result<Option<Unit>> {
    input.parse::<Token![=]>()?;
    let name = input.call(Ident::parse_any)?;
    let unit = match name.to_string().as_str() {
        "ns" => Unit::Nanoseconds,
        "us" => Unit::Microseconds,
        "ms" => Unit::Milliseconds,
        "s" => Unit::Seconds,
        "bytes" => Unit::Bytes,
        other => {
            let text = format!("unknown unit `{other}`; expected ns, us, ms, s, bytes");
            diagnostics.error(name.span(), text);
            return Ok(None);
        }
    };
    Ok(Some(unit))
}

fn redaction(input: ParseStream, diagnostics: &mut Diagnostics) -> syn::Result<Option<Redaction>> {
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Ok(Some(Redaction::Text));
    }
    let name = input.call(Ident::parse_any)?;
    let redaction = match name.to_string().as_str() {
        "hash" => Redaction::Hash,
        "len" => Redaction::Len,
        other => {
            let text =
                format!("unknown redaction `{other}`; expected hash, len, or `redact` alone");
            diagnostics.error(name.span(), text);
            return Ok(None);
        }
    };
    Ok(Some(redaction))
}
