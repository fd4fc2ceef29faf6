//! Says what an item is that is not a function.

use proc_macro2::Span;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Ident, Token};

/// The keywords that start an item which is no function.
const KEYWORDS: &[&str] = &[
    "struct",
    "enum",
    "union",
    "trait",
    "impl",
    "mod",
    "use",
    "static",
    "type",
    "const",
    "extern",
    "macro_rules",
];

/// Where the keyword of the item stands, and the text of the error, unless the item is a function.
pub(crate) fn refusal(input: ParseStream, macro_name: &str) -> Option<(Span, String)> {
    let input = input.fork();
    loop {
        if input.peek(Token![fn]) {
            return None;
        }
        let keyword = input.call(Ident::parse_any).ok()?;
        let word = keyword.to_string();
        let starts_function = match word.as_str() {
            "const" => {
                input.peek(Token![fn])
                    || input.peek(Token![async])
                    || input.peek(Token![unsafe])
                    || input.peek(Token![extern])
            }
            "extern" => {
                input.peek(Token![fn]) || (input.peek(syn::LitStr) && input.peek2(Token![fn]))
            }
            _ => false,
        };
        if starts_function {
            return None;
        }
        if KEYWORDS.contains(&word.as_str()) {
            let hint = match word.as_str() {
                "impl" => ": put it on the methods you want",
                _ => "",
            };
            let article = match word.as_bytes().first() {
                Some(b'a' | b'e' | b'i' | b'o' | b'u') if word != "use" && word != "union" => "an",
                _ => "a",
            };
            let text = format!(
                "`{macro_name}` can only be applied to functions; found {article} `{word}`{hint}"
            );
            return Some((keyword.span(), text));
        }
    }
}
