//! Golden expansions, and what holds of all of them.
//!
//! `tests/expand/NAME.in.rs` is expanded and compared with `NAME.out.rs`. `HONEY_GOLDEN=overwrite` writes the latter.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test stops at the first surprise, and prints what it saw"
)]

use std::cell::Cell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::{Attribute, File, ImplItem, Item, Meta};

use crate::hygiene;

/// How many there must be at least: an empty folder is no proof.
const FEWEST: usize = 16;

/// Inputs whose names begin so are expanded as with the feature `catalog`, all others as without, whatever the crate was built with.
const CATALOGUED: &str = "catalog";

thread_local! {
    static IS_CATALOGUED: Cell<bool> = const { Cell::new(false) };
}

/// What the feature says outside of tests.
pub(crate) fn is_catalogued() -> bool {
    IS_CATALOGUED.get()
}

#[test]
fn expansions_are_the_golden_ones() {
    let overwrite = env::var_os("HONEY_GOLDEN").is_some_and(|mode| mode == "overwrite");
    let mut wrong = Vec::new();
    for input in inputs() {
        let expanded = prettyplease::unparse(&expand_file(&input));
        let golden = output_of(&input);
        if overwrite {
            fs::write(&golden, &expanded).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != expanded {
            println!("--- {} is now ---\n{expanded}", golden.display());
            wrong.push(golden);
        }
    }
    assert!(
        wrong.is_empty(),
        "expansions changed: {wrong:?}; read them, then run with HONEY_GOLDEN=overwrite"
    );
}

/// Every name that an expansion adds is either reached through a path, or one of `hygiene`.
#[test]
fn generated_names_are_ours() {
    for input in inputs() {
        let written = fs::read_to_string(&input).unwrap();
        let mut known = BTreeSet::new();
        all_idents(written.parse().unwrap(), &mut known);
        let mut free = BTreeSet::new();
        free_idents(expand_file(&input).into_token_stream(), &mut free);
        let ours =
            |name: &str| hygiene::ALL.contains(&name) || name.starts_with(hygiene::VARIANT_FIELD);
        let strange: Vec<&String> = free
            .iter()
            .filter(|name| {
                !known.contains(*name)
                    && !ours(name)
                    && !is_keyword(name)
                    && !ALLOWED.contains(&name.as_str())
            })
            .collect();
        assert!(strange.is_empty(), "{}: {strange:?}", input.display());
    }
}

#[test]
fn functions_are_registered_with_the_feature_and_not_without() {
    for input in inputs() {
        let written = fs::read_to_string(&input).unwrap();
        let expanded = prettyplease::unparse(&expand_file(&input));
        let registered = expanded.matches("CatalogEntry::new").count();
        let wanted = if wants_catalog(&input) {
            written.matches("#[honey::event").count()
        } else {
            0
        };
        assert_eq!(registered, wanted, "{}", input.display());
    }
}

#[test]
fn our_names_cannot_be_the_users_by_accident() {
    for name in hygiene::ALL {
        assert!(name.to_ascii_lowercase().starts_with("__honey_"), "{name}");
    }
}

/// Names without a path before them that bind nothing: fields of `StartOptions`, an attribute, the derived method.
const ALLOWED: &[&str] = &[
    "honey",
    "core",
    "parent",
    "root",
    "sample",
    "dataset",
    "min_duration_ns",
    "allow",
    "clippy",
    "automatically_derived",
    "record",
    "to_field",
    "bool",
];

fn is_keyword(word: &str) -> bool {
    syn::parse_str::<syn::Ident>(word).is_err()
}

fn inputs() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expand");
    let mut inputs: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(".in.rs"))
        .collect();
    inputs.sort();
    assert!(
        inputs.len() >= FEWEST,
        "only {} inputs were found",
        inputs.len()
    );
    inputs
}

fn output_of(input: &Path) -> PathBuf {
    let name = input.to_string_lossy().replace(".in.rs", ".out.rs");
    assert_ne!(Path::new(&name), input);
    PathBuf::from(name)
}

/// What the compiler would make of the file's macros.
fn expand_file(input: &Path) -> File {
    IS_CATALOGUED.set(wants_catalog(input));
    let file: File = syn::parse_file(&fs::read_to_string(input).unwrap()).unwrap();
    let items = file.items.into_iter().map(expand_item);
    syn::parse2(items.collect()).unwrap_or_else(|error| panic!("{}: {error}", input.display()))
}

fn wants_catalog(input: &Path) -> bool {
    let name = input.file_name().unwrap().to_string_lossy();
    name.starts_with(CATALOGUED)
}

fn expand_item(mut item: Item) -> TokenStream {
    match item {
        Item::Fn(mut function) => match take_macro(&mut function.attrs) {
            Some(Macro::Event(args)) => crate::event::expand(args, function.into_token_stream()),
            Some(Macro::DynamicField(args)) => {
                crate::dynamic_field::expand(args, function.into_token_stream())
            }
            None => function.into_token_stream(),
        },
        Item::Impl(mut block) => {
            for item in &mut block.items {
                if let ImplItem::Fn(method) = item {
                    if let Some(Macro::Event(args)) = take_macro(&mut method.attrs) {
                        *item = syn::parse2(crate::event::expand(args, method.to_token_stream()))
                            .unwrap();
                    }
                }
            }
            block.into_token_stream()
        }
        Item::Struct(ref mut it) => {
            let derive = take_derive(&mut it.attrs);
            derive(item.into_token_stream())
        }
        Item::Enum(ref mut it) => {
            let derive = take_derive(&mut it.attrs);
            derive(item.into_token_stream())
        }
        other => other.into_token_stream(),
    }
}

enum Macro {
    Event(TokenStream),
    DynamicField(TokenStream),
}

/// The one derive that a type in an input has.
fn take_derive(attrs: &mut Vec<Attribute>) -> fn(TokenStream) -> TokenStream {
    let index = attrs.iter().position(|attr| attr.path().is_ident("derive"));
    let attr = attrs.remove(index.unwrap());
    match attr.meta.to_token_stream().to_string() {
        text if text.contains("HoneyFields") => crate::fields::expand,
        text if text.contains("HoneyValue") => crate::value::expand,
        other => panic!("{other}"),
    }
}

fn take_macro(attrs: &mut Vec<Attribute>) -> Option<Macro> {
    let index = attrs.iter().position(|attr| {
        attr.path()
            .segments
            .first()
            .is_some_and(|it| it.ident == "honey")
    })?;
    let attr = attrs.remove(index);
    let args = match &attr.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    if attr.path().segments.last().unwrap().ident == "event" {
        Some(Macro::Event(args))
    } else {
        Some(Macro::DynamicField(args))
    }
}

fn all_idents(tokens: TokenStream, found: &mut BTreeSet<String>) {
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => drop(found.insert(ident.to_string())),
            TokenTree::Group(group) => all_idents(group.stream(), found),
            _ => {}
        }
    }
}

/// The identifiers that do not stand behind `::` or `.`.
fn free_idents(tokens: TokenStream, found: &mut BTreeSet<String>) {
    let mut behind_path = false;
    for token in tokens {
        match &token {
            TokenTree::Ident(ident) if !behind_path => drop(found.insert(ident.to_string())),
            TokenTree::Group(group) => free_idents(group.stream(), found),
            _ => {}
        }
        behind_path =
            matches!(&token, TokenTree::Punct(punct) if matches!(punct.as_char(), ':' | '.'));
    }
}
