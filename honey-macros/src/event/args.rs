//! The grammar of `#[honey::event(..)]`: what was written, without its meaning.

use proc_macro2::{Ident, Span, TokenStream};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, ExprLit, Lit, LitBool, LitStr, Path, Token, token};

use crate::diagnostics::Diagnostics;
use crate::duration;
use crate::list;
use crate::setting::{Noun, Setting};
use crate::suggest;

use super::value::{Field, Projection};

/// Every option, in the order of the documentation.
const OPTIONS: &[&str] = &[
    "name",
    "fields",
    "prefix",
    "ret",
    "ok",
    "err",
    "outcome",
    "parent",
    "root",
    "bind",
    "when",
    "sample",
    "dataset",
    "min_duration",
    "rollup",
    "async_stats",
    "boxed",
    "sync",
    "future",
    "crate",
];

#[derive(Default)]
pub(crate) struct EventArgs {
    pub(crate) name: Setting<Name>,
    pub(crate) prefix: Setting<LitStr>,
    pub(crate) fields: Vec<Field>,
    /// Where `fields` stands first.
    pub(crate) fields_given: Option<Span>,
    pub(crate) ret: Inspection,
    pub(crate) ok: Inspection,
    pub(crate) err: Inspection,
    pub(crate) err_text: Setting<ErrText>,
    pub(crate) outcome: Setting<bool>,
    pub(crate) parent: Setting<Expr>,
    pub(crate) root: Setting<()>,
    pub(crate) bind: Setting<Ident>,
    pub(crate) when: Setting<Expr>,
    pub(crate) sample: Setting<Expr>,
    pub(crate) dataset: Setting<Expr>,
    /// In nanoseconds.
    pub(crate) min_duration: Setting<u64>,
    pub(crate) rollup: Setting<()>,
    pub(crate) async_stats: Setting<()>,
    pub(crate) boxed: Setting<()>,
    pub(crate) sync: Setting<()>,
    pub(crate) future: Setting<()>,
    pub(crate) krate: Setting<Path>,
}

pub(crate) enum Name {
    Literal(LitStr),
    Path(Path),
}

/// What `ret`, `ok` or `err` asked for, over all the places where it stands.
#[derive(Default)]
pub(crate) struct Inspection {
    /// The first place.
    pub(crate) option: Option<Ident>,
    /// It stood there without parentheses.
    pub(crate) bare: bool,
    pub(crate) fields: Vec<Projection>,
}

/// How an error's text gets to `error.message`.
pub(crate) enum ErrText {
    Display,
    Debug,
    With(Path),
}

impl EventArgs {
    pub(crate) fn parse(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Self {
        let mut args = Self::default();
        list::parse(tokens, diagnostics, |input, diagnostics| {
            args.option(input, diagnostics)
        });
        args
    }

    fn option(&mut self, input: ParseStream, diagnostics: &mut Diagnostics) -> syn::Result<()> {
        let name = input.call(Ident::parse_any)?;
        let option = Noun::Option;
        match name.to_string().as_str() {
            "name" => self
                .name
                .set(option, &name, after_equals(input, event_name)?, diagnostics),
            "prefix" => self
                .prefix
                .set(option, &name, after_equals(input, any)?, diagnostics),
            "fields" => {
                self.fields_given.get_or_insert(name.span());
                in_parentheses(input, |input| {
                    list::read(input, diagnostics, |input, _| {
                        self.fields.push(input.parse()?);
                        Ok(())
                    });
                    Ok(())
                })?;
            }
            "ret" => self.ret.read(&name, input, diagnostics)?,
            "ok" => self.ok.read(&name, input, diagnostics)?,
            "err" => self.err(&name, input, diagnostics)?,
            "outcome" => {
                let wanted = after_equals(input, outcome)?;
                self.outcome.set(option, &name, wanted, diagnostics);
            }
            "parent" => self
                .parent
                .set(option, &name, after_equals(input, any)?, diagnostics),
            "root" => self.root.set(option, &name, (), diagnostics),
            "bind" => self
                .bind
                .set(option, &name, after_equals(input, any)?, diagnostics),
            "when" => self
                .when
                .set(option, &name, after_equals(input, any)?, diagnostics),
            "sample" => self
                .sample
                .set(option, &name, after_equals(input, any)?, diagnostics),
            "dataset" => self
                .dataset
                .set(option, &name, after_equals(input, any)?, diagnostics),
            "min_duration" => {
                let shortest = after_equals(input, duration::parse_option)?;
                self.min_duration.set(option, &name, shortest, diagnostics);
            }
            "rollup" => self.rollup.set(option, &name, (), diagnostics),
            "async_stats" => self.async_stats.set(option, &name, (), diagnostics),
            "boxed" => self.boxed.set(option, &name, (), diagnostics),
            "sync" => self.sync.set(option, &name, (), diagnostics),
            "future" => self.future.set(option, &name, (), diagnostics),
            "crate" => self.krate.set(
                option,
                &name,
                after_equals(input, Path::parse_mod_style)?,
                diagnostics,
            ),
            unknown => {
                return Err(syn::Error::new(
                    name.span(),
                    suggest::unknown("option", unknown, OPTIONS),
                ));
            }
        }
        Ok(())
    }

    /// `err`, `err(debug)`, `err(with = path)`, `err(key = |e| expr)`, mixed and repeated as one likes.
    fn err(
        &mut self,
        name: &Ident,
        input: ParseStream,
        diagnostics: &mut Diagnostics,
    ) -> syn::Result<()> {
        self.err.option.get_or_insert_with(|| name.clone());
        if !input.peek(token::Paren) {
            self.err_text
                .set(Noun::Option, name, ErrText::Display, diagnostics);
            return Ok(());
        }
        in_parentheses(input, |input| {
            list::read(input, diagnostics, |input, diagnostics| {
                if is_word(input, "debug") && !input.peek2(Token![=]) && !input.peek2(Token![.]) {
                    let word = input.parse()?;
                    self.err_text
                        .set(Noun::Option, &word, ErrText::Debug, diagnostics);
                } else if is_word(input, "with")
                    && input.peek2(Token![=])
                    && !input.peek3(Token![|])
                {
                    let word = input.parse()?;
                    let path = after_equals(input, any)?;
                    self.err_text
                        .set(Noun::Option, &word, ErrText::With(path), diagnostics);
                } else {
                    self.err.fields.push(Projection::parse(input, "err")?);
                }
                Ok(())
            });
            Ok(())
        })
    }
}

impl Inspection {
    fn read(
        &mut self,
        name: &Ident,
        input: ParseStream,
        diagnostics: &mut Diagnostics,
    ) -> syn::Result<()> {
        self.option.get_or_insert_with(|| name.clone());
        if input.peek(token::Paren) {
            let option = name.to_string();
            return in_parentheses(input, |input| {
                list::read(input, diagnostics, |input, _| {
                    self.fields.push(Projection::parse(input, &option)?);
                    Ok(())
                });
                Ok(())
            });
        }
        if name == "ok" {
            return Err(syn::Error::new(
                name.span(),
                "`ok` needs fields: write `ok(key = |value| ..)`",
            ));
        }
        self.bare = true;
        Ok(())
    }
}

fn after_equals<T>(
    input: ParseStream,
    value: impl FnOnce(ParseStream) -> syn::Result<T>,
) -> syn::Result<T> {
    input.parse::<Token![=]>()?;
    value(input)
}

fn in_parentheses(
    input: ParseStream,
    content: impl FnOnce(ParseStream) -> syn::Result<()>,
) -> syn::Result<()> {
    let inside;
    syn::parenthesized!(inside in input);
    content(&inside)
}

fn is_word(input: ParseStream, word: &str) -> bool {
    input
        .fork()
        .parse::<Ident>()
        .is_ok_and(|ident| ident == word)
}

fn event_name(input: ParseStream) -> syn::Result<Name> {
    match input.parse()? {
        Expr::Lit(ExprLit {
            lit: Lit::Str(literal),
            ..
        }) => Ok(Name::Literal(literal)),
        Expr::Path(path) if path.qself.is_none() => Ok(Name::Path(path.path)),
        other => Err(syn::Error::new_spanned(
            other,
            "expected a string literal or a path",
        )),
    }
}

/// `false`: leave the return value alone. `true`: look at it although its type is not named `…Result`.
fn outcome(input: ParseStream) -> syn::Result<bool> {
    input.parse::<LitBool>().map(|literal| literal.value)
}

fn any<T: Parse>(input: ParseStream) -> syn::Result<T> {
    input.parse()
}
