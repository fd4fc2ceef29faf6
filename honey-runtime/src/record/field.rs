//! One field as it is recorded: `Copy`, 32 bytes, with its text in the arena beside it.

/// A piece of the arena that belongs to the same event: byte offset and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// A key: static text, or text in the arena.
#[derive(Debug, Clone, Copy)]
pub(crate) enum KeyRef {
    Static(&'static str),
    Text(Span),
}

/// A value that needs no user code any more.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scalar {
    Null,
    Bool(bool),
    I64(i64),
    U64(u64),
    F32(f32),
    F64(f64),
    /// A string, unescaped.
    Text(Span),
    /// JSON that `serde_json` wrote: it goes out as it is.
    Json(Span),
}

/// One key with its value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) key: KeyRef,
    pub(crate) value: Scalar,
}

/// The hot path copies these by the dozen: growing one is a decision, not an accident.
const _: () = assert!(size_of::<Field>() <= 32);

impl Span {
    /// The text this span names in `arena`; empty when it does not fit, which only a bug could cause.
    pub(crate) fn of(self, arena: &str) -> &str {
        let start = self.start as usize;
        arena.get(start..start + self.len as usize).unwrap_or("")
    }
}

impl KeyRef {
    pub(crate) fn of(self, arena: &str) -> &str {
        match self {
            KeyRef::Static(text) => text,
            KeyRef::Text(span) => span.of(arena),
        }
    }
}
