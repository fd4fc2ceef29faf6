//! What the catalogue says about a function: its fields, what they are, and the first line of its documentation.

use quote::ToTokens as _;
use syn::ext::IdentExt as _;
use syn::{
    Attribute, Expr, ExprLit, FnArg, GenericArgument, Ident, Lit, LitStr, Meta, Pat, PathArguments,
    ReturnType, Signature, Type,
};

use super::args::{EventArgs, Name};
use super::plan::{RETURN_KEY, ROLLUP_SUFFIXES, RollupNames};
use super::value::{Field, Form};

/// One function in the catalogue.
pub(crate) struct Entry {
    pub(crate) fields: Vec<String>,
    /// What each of them is; see [`of_type`]. Empty where the source does not tell.
    pub(crate) types: Vec<String>,
    /// The first line of its documentation.
    pub(crate) doc: String,
}

const INTEGER: &str = "integer";
const NUMBER: &str = "number";
const STRING: &str = "string";
const BOOLEAN: &str = "boolean";
const UNKNOWN: &str = "";

/// What the fields of [`ROLLUP_SUFFIXES`] are.
const ROLLUP_TYPES: [&str; 4] = [INTEGER, NUMBER, NUMBER, INTEGER];

impl Entry {
    pub(crate) fn of(
        args: &EventArgs,
        signature: &Signature,
        attrs: &[Attribute],
        rollup: Option<&RollupNames>,
    ) -> Self {
        let (fields, types) = match rollup {
            None => own_fields(args, signature).into_iter().unzip(),
            Some(names) => (
                rollup_fields(args, names),
                ROLLUP_TYPES.map(str::to_owned).into(),
            ),
        };
        Self {
            fields,
            types,
            doc: attrs.iter().find_map(doc_line).unwrap_or_default(),
        }
    }
}

fn rollup_fields(args: &EventArgs, names: &RollupNames) -> Vec<String> {
    match names {
        RollupNames::Known(names) => names.iter().map(LitStr::value).collect(),
        RollupNames::Joined => {
            let name = match args.name.get() {
                Some(Name::Path(path)) => path.to_token_stream().to_string(),
                _ => String::new(),
            };
            ROLLUP_SUFFIXES
                .map(|suffix| format!("{{{name}}}{suffix}"))
                .into()
        }
    }
}

/// Each field's name and type.
fn own_fields(args: &EventArgs, signature: &Signature) -> Vec<(String, String)> {
    let prefix = args.prefix.get().map(LitStr::value).unwrap_or_default();
    let of_argument = |ident: &Ident| argument(signature, ident).map_or(UNKNOWN.into(), of_type);
    let mut fields: Vec<_> = args
        .fields
        .iter()
        .map(|field| match field {
            Field::Argument { form, ident } => (
                format!("{prefix}{}", ident.unraw()),
                formatted(*form).unwrap_or_else(|| of_argument(ident)),
            ),
            Field::Named { key, form, value } => (
                key.shown(&prefix),
                formatted(*form).unwrap_or_else(|| of_expression(value)),
            ),
            Field::Splat { value } => {
                let ty = match value {
                    Expr::Path(path) => path.path.get_ident().map(of_argument),
                    _ => None,
                };
                (
                    format!("{prefix}..{}", value.to_token_stream()),
                    ty.unwrap_or_default(),
                )
            }
        })
        .collect();
    if args.ret.bare {
        let ty = match &signature.output {
            ReturnType::Type(_, ty) => of_type(ty),
            ReturnType::Default => UNKNOWN.into(),
        };
        fields.push((format!("{prefix}{RETURN_KEY}"), ty));
    }
    for inspection in [&args.ret, &args.ok, &args.err] {
        fields.extend(inspection.fields.iter().map(|field| {
            (
                field.key.shown(&prefix),
                formatted(field.form).unwrap_or_else(|| of_expression(&field.closure.body)),
            )
        }));
    }
    fields
}

/// A value that is formatted is a string, whatever it was.
fn formatted(form: Form) -> Option<String> {
    match form {
        Form::Value => None,
        Form::Display | Form::Debug => Some(STRING.into()),
    }
}

fn argument<'a>(signature: &'a Signature, ident: &Ident) -> Option<&'a Type> {
    signature.inputs.iter().find_map(|input| match input {
        FnArg::Typed(argument) => match &*argument.pat {
            Pat::Ident(pat) if pat.ident == *ident => Some(&*argument.ty),
            _ => None,
        },
        FnArg::Receiver(_) => None,
    })
}

/// The type in JSON of what is a scalar in Rust, looking through references, `Option` and smart pointers; the name of any other type.
fn of_type(ty: &Type) -> String {
    let path = match ty {
        Type::Reference(reference) => return of_type(&reference.elem),
        Type::Paren(inner) => return of_type(&inner.elem),
        Type::Group(inner) => return of_type(&inner.elem),
        Type::Path(path) => &path.path,
        _ => return UNKNOWN.into(),
    };
    let Some(last) = path.segments.last() else {
        return UNKNOWN.into();
    };
    let name = last.ident.unraw().to_string();
    let inner = match &last.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        }
        _ => None,
    };
    match (name.as_str(), inner) {
        ("Option" | "Box" | "Arc" | "Rc" | "Cow", Some(inner)) => of_type(inner),
        (
            "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128"
            | "isize",
            _,
        ) => INTEGER.into(),
        ("f32" | "f64", _) => NUMBER.into(),
        ("bool", _) => BOOLEAN.into(),
        (
            "str" | "String" | "char" | "IpAddr" | "Ipv4Addr" | "Ipv6Addr" | "SocketAddr" | "Path"
            | "PathBuf",
            _,
        ) => STRING.into(),
        (name, _) if name.starts_with("NonZero") => INTEGER.into(),
        _ => name,
    }
}

/// The same for an expression that shows what it is.
fn of_expression(expression: &Expr) -> String {
    match expression {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Int(_) | Lit::Byte(_) => INTEGER,
            Lit::Float(_) => NUMBER,
            Lit::Bool(_) => BOOLEAN,
            Lit::Str(_) | Lit::Char(_) => STRING,
            _ => UNKNOWN,
        }
        .into(),
        Expr::Cast(cast) => of_type(&cast.ty),
        Expr::Reference(reference) => of_expression(&reference.expr),
        Expr::Paren(inner) => of_expression(&inner.expr),
        Expr::Unary(unary) => of_expression(&unary.expr),
        Expr::MethodCall(call) if call.method == "len" => INTEGER.into(),
        Expr::MethodCall(call) if call.method == "to_string" => STRING.into(),
        Expr::MethodCall(call) if call.method.to_string().starts_with("is_") => BOOLEAN.into(),
        _ => UNKNOWN.into(),
    }
}

fn doc_line(attr: &Attribute) -> Option<String> {
    let Meta::NameValue(doc) = &attr.meta else {
        return None;
    };
    let Expr::Lit(ExprLit {
        lit: Lit::Str(line),
        ..
    }) = &doc.value
    else {
        return None;
    };
    let text = line.value();
    let first = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    doc.path.is_ident("doc").then(|| first.to_owned())
}
