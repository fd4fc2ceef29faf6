//! Fields that are evaluated for each event.

use super::kept::kept;
use crate::fields::FieldSink;
use crate::record::DynamicSource;
use crate::sync::Arc;
use crate::value::{Key, ToField};

/// A function registered by `#[honey::dynamic_field]`, anywhere in the program.
///
/// A dependency that nothing mentions is not linked, and so are its dynamic fields: write `use that_crate as _;`. To be sure,
/// look at [`dynamic_fields`] at start-up.
///
/// ```
/// for field in honey::dynamic_fields() {
///     let (file, line) = field.location();
///     println!("{} of {}, {file}:{line}", field.name(), field.module());
/// }
/// ```
#[derive(Debug)]
pub struct DynamicField {
    name: &'static str,
    module: &'static str,
    file: &'static str,
    line: u32,
    record: fn(&mut FieldSink<'_>),
    refresh: Refresh,
}

/// How often a dynamic field's function is called.
#[derive(Debug, Clone, Copy)]
enum Refresh {
    /// For each event.
    Always,
    /// By the first event after this many nanoseconds.
    Every(u64),
    Never,
}

inventory::collect!(DynamicField);

impl DynamicField {
    /// What the macro registers.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        module: &'static str,
        file: &'static str,
        line: u32,
        record: fn(&mut FieldSink<'_>),
    ) -> Self {
        Self {
            name,
            module,
            file,
            line,
            record,
            refresh: Refresh::Always,
        }
    }

    /// `every = ".."`
    #[doc(hidden)]
    #[must_use]
    pub const fn every(self, ns: u64) -> Self {
        Self {
            refresh: Refresh::Every(ns),
            ..self
        }
    }

    /// `once`
    #[doc(hidden)]
    #[must_use]
    pub const fn once(self) -> Self {
        Self {
            refresh: Refresh::Never,
            ..self
        }
    }

    /// The field's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The module of its function.
    #[must_use]
    pub fn module(&self) -> &'static str {
        self.module
    }

    /// The file and line of its function.
    #[must_use]
    pub fn location(&self) -> (&'static str, u32) {
        (self.file, self.line)
    }
}

/// All dynamic fields that are linked into this program, by name, then module.
///
/// ```
/// for field in honey::dynamic_fields() {
///     println!("{} from {}", field.name(), field.module());
/// }
/// ```
#[must_use]
pub fn dynamic_fields() -> Vec<&'static DynamicField> {
    let mut fields: Vec<_> = inventory::iter::<DynamicField>().collect();
    fields.sort_by_key(|field| (field.name, field.module, field.line));
    fields
}

/// The registered functions as sources, each name once: the first in order wins. Second: the names that stood twice.
pub(crate) fn registered(left_out: &[String]) -> (Vec<DynamicSource>, Vec<&'static str>) {
    let mut sources: Vec<DynamicSource> = Vec::new();
    let mut twice = Vec::new();
    let mut last = None;
    for field in dynamic_fields() {
        if left_out.iter().any(|name| name == field.name) {
            continue;
        }
        if last == Some(field.name) {
            twice.push(field.name);
            continue;
        }
        last = Some(field.name);
        let record = field.record;
        sources.push(match field.refresh {
            Refresh::Always => Arc::new(record),
            Refresh::Every(ns) => kept(record, ns),
            Refresh::Never => kept(record, u64::MAX),
        });
    }
    (sources, twice)
}

/// A closure as a source.
pub(crate) fn source<V: ToField>(
    name: Key,
    value: impl Fn() -> V + Send + Sync + 'static,
) -> DynamicSource {
    Arc::new(move |out: &mut FieldSink<'_>| out.put_key(&name, value().to_field()))
}
