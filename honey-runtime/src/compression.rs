//! How request bodies are compressed.

/// The compression of request bodies.
///
/// ```
/// let config = honey::Config::new("key").compression(honey::Compression::None);
/// # drop(config);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// As they are: least CPU, most bytes.
    None,
    /// gzip at level 1; needs the feature `gzip`.
    #[cfg(feature = "gzip")]
    Gzip,
    /// zstd at this level, 1 to 22; needs the feature `zstd`. 1 is the default.
    #[cfg(feature = "zstd")]
    Zstd(i32),
}

impl Default for Compression {
    #[cfg(feature = "zstd")]
    fn default() -> Self {
        Self::Zstd(1)
    }

    #[cfg(not(feature = "zstd"))]
    fn default() -> Self {
        Self::None
    }
}
