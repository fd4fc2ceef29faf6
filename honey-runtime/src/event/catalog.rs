//! The feature `catalog`: what a program can emit, known before it runs.

use std::fmt;
use std::ops::Deref;

use serde::{Serialize, Serializer};

use super::callsite::Callsite;
use crate::dictionary::{Described, DescribedField, Dictionary};

/// One annotated function, as [`catalog`] lists it.
///
/// ```standalone_crate
/// /// Takes the money.
/// #[honey::event(fields(order_id, note))]
/// fn charge(order_id: u64, note: &str) {}
///
/// let catalog = honey::catalog();
/// let entry = catalog.iter().find(|entry| entry.name() == "charge").unwrap();
/// assert_eq!(entry.fields(), ["order_id", "note"]);
/// assert_eq!(entry.types(), ["integer", "string"]);
/// assert_eq!(entry.doc(), "Takes the money.");
/// # charge(7, "");
/// ```
#[derive(Debug)]
pub struct CatalogEntry {
    site: &'static Callsite,
    fields: &'static [&'static str],
    types: &'static [&'static str],
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
        types: &'static [&'static str],
        doc: &'static str,
    ) -> Self {
        Self {
            site,
            fields,
            types,
            doc,
        }
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

    /// What each of [`fields`](Self::fields) is, as far as the source tells: `integer`, `number`, `string`, `boolean`, the name of another
    /// Rust type, or nothing.
    #[must_use]
    pub fn types(&self) -> &'static [&'static str] {
        self.types
    }

    /// The first line of the function's documentation; empty without one.
    #[must_use]
    pub fn doc(&self) -> &'static str {
        self.doc
    }
}

/// What [`catalog`] lists: a slice of entries, which can be written as a data dictionary.
///
/// `Display` is Markdown, for people; [`to_json`](Self::to_json) and `Serialize` are for programs, and for `honey-local catalog`.
///
/// ```standalone_crate
/// /// Takes the money.
/// #[honey::event(fields(order_id))]
/// fn charge(order_id: u64) {}
///
/// let markdown = honey::catalog().to_string();
/// assert!(markdown.contains("## `charge`\n\nTakes the money."));
/// assert!(markdown.contains("| `order_id` | integer |"));
/// # charge(7);
/// ```
#[derive(Debug, Clone)]
pub struct Catalog {
    entries: Vec<&'static CatalogEntry>,
}

impl Catalog {
    /// An object with `events`: each with `name`, `module`, `file`, `line`, `doc`, and `fields` with `name` and, where it is known,
    /// `type`. Indented; the order is that of the catalogue.
    ///
    /// ```standalone_crate
    /// #[honey::event(fields(rows = 3))]
    /// fn query() {}
    ///
    /// let json: serde_json::Value = serde_json::from_str(&honey::catalog().to_json()).unwrap();
    /// let events = json["events"].as_array().unwrap();
    /// let found = events.iter().find(|event| event["name"] == "query").unwrap();
    /// assert_eq!(found["fields"][0]["type"], "integer");
    /// # query();
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        self.dictionary().to_json()
    }

    fn dictionary(&self) -> Dictionary {
        let described = |entry: &&CatalogEntry| {
            let (file, line) = entry.location();
            let fields = entry.fields.iter().zip(entry.types);
            Described {
                name: entry.name().to_owned(),
                module: entry.module().to_owned(),
                file: file.to_owned(),
                line: line.into(),
                doc: entry.doc.to_owned(),
                fields: fields
                    .map(|(name, of_type)| DescribedField {
                        name: (*name).to_owned(),
                        of_type: (*of_type).to_owned(),
                    })
                    .collect(),
            }
        };
        Dictionary {
            events: self.entries.iter().map(described).collect(),
        }
    }
}

impl Deref for Catalog {
    type Target = [&'static CatalogEntry];

    fn deref(&self) -> &Self::Target {
        &self.entries
    }
}

impl IntoIterator for Catalog {
    type Item = &'static CatalogEntry;
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl fmt::Display for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.dictionary().fmt(f)
    }
}

impl Serialize for Catalog {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.dictionary().json().serialize(serializer)
    }
}

/// Every `#[honey::event]` that is linked into this program, by module and line, whether it was ever called or not.
///
/// A dependency that nothing mentions is not linked, and not listed.
///
/// ```standalone_crate
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
pub fn catalog() -> Catalog {
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
    Catalog { entries }
}
