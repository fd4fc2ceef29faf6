//! `impl Trait` cannot be written inside a function's body: there `_` stands for it.

use proc_macro2::Span;
use syn::{GenericArgument, Path, PathArguments, Token, Type, TypeInfer, TypeParamBound};

/// The type with `_` for every `impl Trait` in it; `None` when it has none.
pub(crate) fn erased(ty: &Type) -> Option<Type> {
    let mut copy = super::returns::bare(ty).clone();
    erase(&mut copy).then_some(copy)
}

fn erase(ty: &mut Type) -> bool {
    match ty {
        Type::ImplTrait(_) => {
            *ty = Type::Infer(TypeInfer {
                attrs: Vec::new(),
                underscore_token: Token![_](Span::mixed_site()),
            });
            true
        }
        Type::Array(array) => erase(&mut array.elem),
        Type::Group(group) => erase(&mut group.elem),
        Type::Paren(paren) => erase(&mut paren.elem),
        Type::Ptr(pointer) => erase(&mut pointer.elem),
        Type::Reference(reference) => erase(&mut reference.elem),
        Type::Slice(slice) => erase(&mut slice.elem),
        Type::Tuple(tuple) => any(tuple.elems.iter_mut().map(erase)),
        Type::Path(path) => erase_in_path(&mut path.path),
        Type::TraitObject(object) => any(object.bounds.iter_mut().map(|bound| match bound {
            TypeParamBound::Trait(bound) => erase_in_path(&mut bound.path),
            _ => false,
        })),
        _ => false,
    }
}

fn erase_in_path(path: &mut Path) -> bool {
    any(path
        .segments
        .iter_mut()
        .map(|segment| match &mut segment.arguments {
            PathArguments::AngleBracketed(arguments) => {
                any(arguments.args.iter_mut().map(|argument| match argument {
                    GenericArgument::Type(ty) => erase(ty),
                    GenericArgument::AssocType(assoc) => erase(&mut assoc.ty),
                    _ => false,
                }))
            }
            _ => false,
        }))
}

/// Whether one is true, having looked at all.
fn any(found: impl Iterator<Item = bool>) -> bool {
    found.fold(false, |any, this| any | this)
}
