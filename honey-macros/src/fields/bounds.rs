//! The bounds of a generic type, inferred as serde does: from where the type parameters stand in the recorded fields.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    GenericArgument, Generics, Path, PathArguments, ReturnType, Type, TypeParamBound,
    WherePredicate,
};

/// Collects one predicate for each parameter, or associated type of one, and trait.
pub(crate) struct Bounds<'a> {
    type_name: &'a Ident,
    parameters: Vec<&'a Ident>,
    predicates: Vec<TokenStream>,
}

impl<'a> Bounds<'a> {
    pub(crate) fn of(type_name: &'a Ident, generics: &'a Generics) -> Self {
        Self {
            type_name,
            parameters: generics
                .type_params()
                .map(|parameter| &parameter.ident)
                .collect(),
            predicates: Vec::new(),
        }
    }

    /// A field of type `ty` is recorded through `bound`.
    pub(crate) fn need(&mut self, ty: &Type, bound: &TokenStream) {
        if self.parameters.is_empty() {
            return;
        }
        match ty {
            Type::Array(array) => self.need(&array.elem, bound),
            Type::Group(group) => self.need(&group.elem, bound),
            Type::Paren(paren) => self.need(&paren.elem, bound),
            Type::Ptr(pointer) => self.need(&pointer.elem, bound),
            Type::Reference(reference) => self.need(&reference.elem, bound),
            Type::Slice(slice) => self.need(&slice.elem, bound),
            Type::Tuple(tuple) => tuple.elems.iter().for_each(|ty| self.need(ty, bound)),
            Type::Path(path) => {
                if let Some(qself) = &path.qself {
                    self.need(&qself.ty, bound);
                }
                self.need_path(&path.path, bound);
            }
            Type::TraitObject(object) => self.need_bounds(&object.bounds, bound),
            _ => {}
        }
    }

    /// A field of type `ty` is flattened. Its parameters need not be fields themselves: `Address<T>` is one whole. A type that
    /// contains itself gets no bound, since that would be a circle.
    pub(crate) fn need_fields(&mut self, ty: &Type, bound: &TokenStream) {
        match ty {
            Type::Group(group) => return self.need_fields(&group.elem, bound),
            Type::Paren(paren) => return self.need_fields(&paren.elem, bound),
            Type::Reference(reference) => return self.need_fields(&reference.elem, bound),
            Type::Tuple(tuple) => {
                return tuple
                    .elems
                    .iter()
                    .for_each(|ty| self.need_fields(ty, bound));
            }
            Type::Path(path) => {
                if let Some(inner) = inside_pointer(&path.path) {
                    return self.need_fields(inner, bound);
                }
            }
            _ => {}
        }
        let mut mentioned = Self {
            type_name: self.type_name,
            parameters: self.parameters.clone(),
            predicates: Vec::new(),
        };
        mentioned.need(ty, bound);
        if !mentioned.predicates.is_empty() && !mentions(ty.to_token_stream(), self.type_name) {
            self.push(quote! { #ty: #bound });
        }
    }

    fn need_path(&mut self, path: &Path, bound: &TokenStream) {
        if is_phantom_data(path) {
            return;
        }
        let is_parameter = |ident: &Ident| self.parameters.contains(&ident);
        match path.segments.first() {
            Some(first) if path.leading_colon.is_none() && is_parameter(&first.ident) => {
                // `T`, or an associated type `T::Item`.
                self.push(quote! { #path: #bound });
            }
            _ => {}
        }
        for segment in &path.segments {
            match &segment.arguments {
                PathArguments::AngleBracketed(arguments) => {
                    for argument in &arguments.args {
                        match argument {
                            GenericArgument::Type(ty) => self.need(ty, bound),
                            GenericArgument::AssocType(assoc) => self.need(&assoc.ty, bound),
                            _ => {}
                        }
                    }
                }
                PathArguments::Parenthesized(arguments) => {
                    if let ReturnType::Type(_, ty) = &arguments.output {
                        self.need(ty, bound);
                    }
                }
                PathArguments::None => {}
            }
        }
    }

    fn need_bounds<'b>(
        &mut self,
        bounds: impl IntoIterator<Item = &'b TypeParamBound>,
        bound: &TokenStream,
    ) {
        for each in bounds {
            if let TypeParamBound::Trait(each) = each {
                self.need_path(&each.path, bound);
            }
        }
    }

    fn push(&mut self, predicate: TokenStream) {
        let text = predicate.to_string();
        if !self
            .predicates
            .iter()
            .any(|known| known.to_string() == text)
        {
            self.predicates.push(predicate);
        }
    }

    /// What goes behind `where`: the type's own predicates, then `instead`, if given, or else the inferred ones.
    pub(crate) fn where_clause(
        self,
        own: &Generics,
        instead: Option<&[WherePredicate]>,
    ) -> TokenStream {
        let own = own
            .where_clause
            .iter()
            .flat_map(|clause| &clause.predicates);
        let mut predicates: Vec<TokenStream> = own.map(ToTokens::to_token_stream).collect();
        match instead {
            Some(instead) => predicates.extend(instead.iter().map(ToTokens::to_token_stream)),
            None => predicates.extend(self.predicates),
        }
        if predicates.is_empty() {
            return TokenStream::new();
        }
        quote! { where #(#predicates),* }
    }
}

/// What `Option`, or a pointer, holds: these are fields when that is.
fn inside_pointer(path: &Path) -> Option<&Type> {
    let last = path.segments.last()?;
    let is_pointer = ["Option", "Box", "Rc", "Arc"]
        .iter()
        .any(|name| last.ident == name);
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first() {
        Some(GenericArgument::Type(ty)) if is_pointer => Some(ty),
        _ => None,
    }
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name || ident == "Self",
        TokenTree::Group(group) => mentions(group.stream(), name),
        _ => false,
    })
}

pub(crate) fn is_phantom_data(path: &Path) -> bool {
    path.segments
        .last()
        .is_some_and(|segment| segment.ident == "PhantomData")
}
