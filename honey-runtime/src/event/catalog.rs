//! The feature `catalog`: what a program can emit, known before it runs.

use super::callsite::Callsite;

/// One annotated function, as [`catalog`] lists it.
#[derive(Debug)]
pub struct CatalogEntry {
    site: &'static Callsite,
    fields: &'static [&'static str],
    doc: &'static str,
}

inventory::collect!(CatalogEntry);

impl CatalogEntry {
    /// What the macro registers.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        site: &'static Callsite,
        fields: &'static [&'static str],
        doc: &'static str,
    ) -> Self {
        Self { site, fields, doc }
    }

    /// The event's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.site.name()
    }

    /// The module of its function.
    #[must_use]
    pub fn module(&self) -> &'static str {
        self.site.module()
    }

    /// The file and line of its annotation.
    #[must_use]
    pub fn location(&self) -> (&'static str, u32) {
        self.site.location()
    }

    /// The fields that the annotation names, with its prefix, in order; of a rolled-up function the four that the event around it
    /// gets. `{CONST}` and `..expr` stand as they were written.
    #[must_use]
    pub fn fields(&self) -> &'static [&'static str] {
        self.fields
    }

    /// The first line of the function's documentation; empty without one.
    #[must_use]
    pub fn doc(&self) -> &'static str {
        self.doc
    }
}

/// Every `#[honey::event]` that is linked into this program, by module and line, whether it was ever called or not.
///
/// A dependency that nothing mentions is not linked, and not listed.
///
/// ```
/// /// Takes the money.
/// #[honey::event(fields(order_id))]
/// fn charge(order_id: u64) {}
///
/// let catalog = honey::catalog();
/// let entry = catalog.iter().find(|entry| entry.name() == "charge").unwrap();
/// assert_eq!((entry.fields(), entry.doc()), (&["order_id"][..], "Takes the money."));
/// charge(7);
/// ```
#[must_use]
pub fn catalog() -> Vec<&'static CatalogEntry> {
    let mut entries: Vec<_> = inventory::iter::<CatalogEntry>().collect();
    // Down to the last difference: the linker promises no order.
    entries.sort_by_key(|entry| {
        let (file, line) = entry.location();
        (
            entry.module(),
            file,
            line,
            entry.name(),
            entry.fields,
            entry.doc,
        )
    });
    entries
}
