//! The grammar of `#[honey::dynamic_field(..)]`.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Path, Token};

use crate::diagnostics::Diagnostics;
use crate::duration;
use crate::list;
use crate::setting::{Noun, Setting};
use crate::suggest;

const OPTIONS: &[&str] = &["name", "fields", "every", "once", "crate"];

#[derive(Default)]
pub(crate) struct Args {
    pub(crate) name: Setting<LitStr>,
    pub(crate) fields: Setting<()>,
    /// In nanoseconds.
    pub(crate) every: Setting<u64>,
    pub(crate) once: Setting<()>,
    pub(crate) krate: Setting<Path>,
}

impl Args {
    pub(crate) fn parse(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Self {
        let mut args = Self::default();
        list::parse(tokens, diagnostics, |input, diagnostics| {
            args.option(input, diagnostics)
        });
        args
    }

    fn option(&mut self, input: ParseStream, diagnostics: &mut Diagnostics) -> syn::Result<()> {
        let name = input.call(Ident::parse_any)?;
        match name.to_string().as_str() {
            "name" => {
                input.parse::<Token![=]>()?;
                self.name
                    .set(Noun::Option, &name, input.parse()?, diagnostics);
            }
            "fields" => self.fields.set(Noun::Option, &name, (), diagnostics),
            "every" => {
                input.parse::<Token![=]>()?;
                let interval = duration::parse_option(input)?;
                self.every.set(Noun::Option, &name, interval, diagnostics);
            }
            "once" => self.once.set(Noun::Option, &name, (), diagnostics),
            "crate" => {
                input.parse::<Token![=]>()?;
                let path = Path::parse_mod_style(input)?;
                self.krate.set(Noun::Option, &name, path, diagnostics);
            }
            unknown => {
                let text = suggest::unknown("option", unknown, OPTIONS);
                return Err(syn::Error::new(name.span(), text));
            }
        }
        Ok(())
    }
}
