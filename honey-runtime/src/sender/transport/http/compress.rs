//! Request bodies, compressed.

use bytes::Bytes;

use crate::compression::Compression;

/// Compresses bodies one after the other; keeps its tables between them.
pub(super) struct Compressor {
    compression: Compression,
    #[cfg(feature = "zstd")]
    zstd: Option<zstd::bulk::Compressor<'static>>,
    /// Large enough for what compresses badly; what goes out is as large as it is.
    #[cfg(feature = "zstd")]
    scratch: Vec<u8>,
}

impl Compressor {
    pub(super) fn new(compression: Compression) -> Self {
        Self {
            compression,
            #[cfg(feature = "zstd")]
            zstd: match compression {
                Compression::Zstd(level) => zstd::bulk::Compressor::new(level).ok(),
                _ => None,
            },
            #[cfg(feature = "zstd")]
            scratch: Vec::new(),
        }
    }

    /// The body, compressed, and its `Content-Encoding`; `None` when it goes out as it is.
    #[cfg_attr(
        not(any(feature = "zstd", feature = "gzip")),
        expect(unused_variables, reason = "nothing to compress with")
    )]
    pub(super) fn compress(&mut self, body: &[u8]) -> Option<(Bytes, &'static str)> {
        match self.compression {
            Compression::None => None,
            #[cfg(feature = "zstd")]
            Compression::Zstd(_) => {
                let Self { zstd, scratch, .. } = self;
                scratch.clear();
                scratch.reserve(zstd::zstd_safe::compress_bound(body.len()));
                zstd.as_mut()?.compress_to_buffer(body, scratch).ok()?;
                Some((Bytes::copy_from_slice(scratch), "zstd"))
            }
            #[cfg(feature = "gzip")]
            Compression::Gzip => gzip(body).ok().map(|bytes| (bytes.into(), "gzip")),
        }
    }
}

#[cfg(feature = "gzip")]
fn gzip(body: &[u8]) -> std::io::Result<Vec<u8>> {
    use std::io::Write as _;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"[{\"data\":{}},{\"data\":{}},{\"data\":{}}]";

    #[test]
    fn uncompressed_goes_out_as_it_is() {
        assert_eq!(Compressor::new(Compression::None).compress(BODY), None);
    }

    #[cfg(feature = "zstd")]
    #[test]
    fn zstd_comes_back() {
        let mut compressor = Compressor::new(Compression::Zstd(1));
        for _ in 0..2 {
            let made = compressor.compress(BODY);
            let (bytes, encoding) = made.unwrap_or_default();
            assert_eq!(encoding, "zstd");
            assert_eq!(
                zstd::bulk::decompress(&bytes, BODY.len()).ok().as_deref(),
                Some(BODY)
            );
        }
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn gzip_comes_back() {
        use std::io::Read as _;

        let made = Compressor::new(Compression::Gzip).compress(BODY);
        let (bytes, encoding) = made.unwrap_or_default();
        let mut back = Vec::new();
        let read = flate2::read::GzDecoder::new(bytes.as_ref()).read_to_end(&mut back);
        assert_eq!(
            (encoding, read.ok(), back.as_slice()),
            ("gzip", Some(BODY.len()), BODY)
        );
    }
}
