//! What a function returns, as far as its signature tells.

use quote::ToTokens as _;
use syn::{
    AngleBracketedGenericArguments, GenericArgument, Path, PathArguments, ReturnType, Type,
    TypeParamBound,
};

/// Types that are no futures, so that nobody needs to ask the compiler.
const PLAIN: &[&str] = &[
    "Self",
    "bool",
    "char",
    "str",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "usize",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "isize",
    "f32",
    "f64",
    "String",
    "Option",
    "Vec",
    "VecDeque",
    "HashMap",
    "HashSet",
    "BTreeMap",
    "BTreeSet",
    "Rc",
    "Arc",
    "Cow",
    "PathBuf",
    "Duration",
    "Instant",
    "SystemTime",
    "Ordering",
    "Ipv4Addr",
    "Ipv6Addr",
    "IpAddr",
];

/// Of these, some that no crate gives to a `Result`.
const NEVER_A_RESULT: &[&str] = &[
    "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64",
    "i128", "isize", "f32", "f64", "String", "Option", "Vec",
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `-> !`
    Never,
    /// A path that ends in `…Result`.
    Result,
    /// `impl Future<..>`
    ImplFuture,
    /// `Pin<Box<dyn Future<..>>>`, `BoxFuture`, `LocalBoxFuture`
    BoxedFuture,
    /// A path that may hide a future.
    Unknown,
    Plain,
}

impl Shape {
    pub(crate) fn of(output: &ReturnType) -> Self {
        let ReturnType::Type(_, ty) = output else {
            return Self::Plain;
        };
        match bare(ty) {
            Type::Never(_) => Self::Never,
            Type::ImplTrait(opaque) if future_bound(&opaque.bounds).is_some() => Self::ImplFuture,
            Type::Path(path) if is_boxed_future(&path.path) => Self::BoxedFuture,
            Type::Path(path) if last(&path.path).is_some_and(|name| name.ends_with("Result")) => {
                Self::Result
            }
            Type::Path(path)
                if path.qself.is_none()
                    && last(&path.path).is_some_and(|name| PLAIN.contains(&&*name)) =>
            {
                Self::Plain
            }
            Type::Path(_) => Self::Unknown,
            _ => Self::Plain,
        }
    }

    pub(crate) const fn is_future(self) -> bool {
        matches!(self, Self::ImplFuture | Self::BoxedFuture)
    }
}

/// The type, written tidily, when the syntax alone shows that it is no `Result`.
pub(crate) fn surely_no_result(output: &ReturnType) -> Option<String> {
    let ReturnType::Type(_, ty) = output else {
        return Some("()".to_owned());
    };
    let is_other = match bare(ty) {
        Type::Path(path) => last(&path.path).is_some_and(|name| NEVER_A_RESULT.contains(&&*name)),
        Type::Never(_)
        | Type::Tuple(_)
        | Type::Reference(_)
        | Type::Array(_)
        | Type::Slice(_)
        | Type::Ptr(_)
        | Type::FnPtr(_) => true,
        _ => false,
    };
    is_other.then(|| written(ty))
}

/// What the future that the function returns resolves to, if that is written down.
pub(crate) fn future_output(ty: &Type) -> Option<ReturnType> {
    let output = match bare(ty) {
        Type::ImplTrait(opaque) => output_of(future_bound(&opaque.bounds)?),
        Type::Path(path) if last(&path.path)? == "Pin" => {
            let Type::Path(boxed) = bare(nth_type(&path.path, 0)?) else {
                return None;
            };
            let Type::TraitObject(object) = bare(nth_type(&boxed.path, 0)?) else {
                return None;
            };
            output_of(future_bound(&object.bounds)?)
        }
        Type::Path(path) => nth_type(&path.path, 0),
        _ => None,
    }?;
    Some(ReturnType::Type(
        <syn::Token![->]>::default(),
        Box::new(output.clone()),
    ))
}

fn is_boxed_future(path: &Path) -> bool {
    match last(path).as_deref() {
        Some("BoxFuture" | "LocalBoxFuture") => true,
        Some("Pin") => nth_type(path, 0).is_some_and(|ty| match bare(ty) {
            Type::Path(boxed) if last(&boxed.path).is_some_and(|name| name == "Box") => {
                nth_type(&boxed.path, 0).is_some_and(|ty| {
                    matches!(bare(ty), Type::TraitObject(object) if future_bound(&object.bounds).is_some())
                })
            }
            _ => false,
        }),
        _ => false,
    }
}

fn future_bound<'a>(bounds: impl IntoIterator<Item = &'a TypeParamBound>) -> Option<&'a Path> {
    bounds.into_iter().find_map(|bound| match bound {
        TypeParamBound::Trait(bound) if last(&bound.path).is_some_and(|name| name == "Future") => {
            Some(&bound.path)
        }
        _ => None,
    })
}

fn output_of(future: &Path) -> Option<&Type> {
    arguments(future)?
        .args
        .iter()
        .find_map(|argument| match argument {
            GenericArgument::AssocType(assoc) if assoc.ident == "Output" => Some(&assoc.ty),
            _ => None,
        })
}

fn arguments(path: &Path) -> Option<&AngleBracketedGenericArguments> {
    match &path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments),
        _ => None,
    }
}

fn nth_type(path: &Path, n: usize) -> Option<&Type> {
    arguments(path)?
        .args
        .iter()
        .filter_map(|argument| match argument {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        })
        .nth(n)
}

fn last(path: &Path) -> Option<String> {
    path.segments
        .last()
        .map(|segment| segment.ident.to_string())
}

/// The type without parentheses and invisible groups around it.
pub(crate) fn bare(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => bare(&group.elem),
        Type::Paren(paren) => bare(&paren.elem),
        other => other,
    }
}

/// The type as people write it: the printer of tokens puts a space between any two.
fn written(ty: &Type) -> String {
    let mut text = ty.to_token_stream().to_string();
    for (spaced, tight) in [
        (" :: ", "::"),
        (":: ", "::"),
        (" < ", "<"),
        ("< ", "<"),
        (" >", ">"),
        ("& ", "&"),
        (" ,", ","),
        (" ;", ";"),
        ("* ", "*"),
    ] {
        text = text.replace(spaced, tight);
    }
    text
}
