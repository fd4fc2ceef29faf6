//! A dependency with a dynamic field, in a module that nothing calls.

mod fields {
    #[honey::dynamic_field(name = "plugin.version")]
    fn version() -> &'static str {
        "1.2"
    }
}

/// What a program may call or leave alone.
pub fn answer() -> u32 {
    42
}
