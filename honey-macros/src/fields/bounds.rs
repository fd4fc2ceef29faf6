//! The bounds of a generic type, inferred as serde does: from where the type parameters stand in the recorded fields.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    GenericArgument, Generics, Path, PathArguments, ReturnType, Type, TypeParamBound,
    WherePredicate,
};

/// Collects one predicate for each parameter, or associated type of one, and trait.
pub(crate) struct Bounds<'a> {
    parameters: Vec<&'a Ident>,
    predicates: Vec<TokenStream>,
}

impl<'a> Bounds<'a> {
    pub(crate) fn of(generics: &'a Generics) -> Self {
        Self {
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

pub(crate) fn is_phantom_data(path: &Path) -> bool {
    path.segments
        .last()
        .is_some_and(|segment| segment.ident == "PhantomData")
}
