//! The grammar of `#[honey(..)]` under `#[derive(HoneyValue)]`.

use syn::{Attribute, DeriveInput, LitStr, Path, Token, WherePredicate};

use crate::diagnostics::Diagnostics;
use crate::fields::args::{case, each, predicates, string, unknown};
use crate::fields::case::Case;
use crate::setting::{Noun, Setting};

const CONTAINER: &[&str] = &["rename_all", "bound", "crate"];
const VARIANT: &[&str] = &["rename"];
const FIELD: &[&str] = &["display", "debug", "json"];

/// On the type.
#[derive(Default)]
pub(crate) struct Container {
    pub(crate) rename_all: Setting<Option<Case>>,
    pub(crate) bound: Setting<Vec<WherePredicate>>,
    pub(crate) krate: Setting<Path>,
}

/// On a variant.
#[derive(Default)]
pub(crate) struct Variant {
    pub(crate) rename: Setting<LitStr>,
}

/// On the field.
#[derive(Default)]
pub(crate) struct Field {
    pub(crate) display: Setting<()>,
    pub(crate) debug: Setting<()>,
    pub(crate) json: Setting<()>,
}

impl Container {
    pub(crate) fn parse(input: &DeriveInput, diagnostics: &mut Diagnostics) -> Self {
        let mut this = Self::default();
        let noun = Noun::Attribute;
        each(&input.attrs, diagnostics, |name, input, diagnostics| {
            match name.to_string().as_str() {
                "rename_all" => {
                    let case = case(input, diagnostics)?;
                    this.rename_all.set(noun, name, case, diagnostics);
                }
                "bound" => this.bound.set(noun, name, predicates(input)?, diagnostics),
                "crate" => {
                    input.parse::<Token![=]>()?;
                    let path = Path::parse_mod_style(input)?;
                    this.krate.set(noun, name, path, diagnostics);
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
            if name != "rename" {
                return Err(unknown(name, VARIANT));
            }
            let text = string(input)?;
            this.rename.set(Noun::Attribute, name, text, diagnostics);
            Ok(())
        });
        this
    }
}

impl Field {
    pub(crate) fn parse(attrs: &[Attribute], diagnostics: &mut Diagnostics) -> Self {
        let mut this = Self::default();
        each(attrs, diagnostics, |name, _, diagnostics| {
            let setting = match name.to_string().as_str() {
                "display" => &mut this.display,
                "debug" => &mut this.debug,
                "json" => &mut this.json,
                _ => return Err(unknown(name, FIELD)),
            };
            setting.set(Noun::Attribute, name, (), diagnostics);
            Ok(())
        });
        this
    }
}
