//! Request bodies, compressed.

use crate::compression::Compression;

/// Compresses bodies one after the other; keeps its tables between them.
pub(super) struct Compressor {
    compression: Compression,
    #[cfg(feature = "zstd")]
    zstd: Option<zstd::bulk::Compressor<'static>>,
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
        }
    }

    /// The body to hand out and its `Content-Encoding`; a copy as it is when it cannot be compressed.
    pub(super) fn compress(&mut self, body: &[u8]) -> (Vec<u8>, Option<&'static str>) {
        let compressed = match self.compression {
            Compression::None => None,
            #[cfg(feature = "zstd")]
            Compression::Zstd(_) => self
                .zstd
                .as_mut()
                .and_then(|zstd| Some((zstd.compress(body).ok()?, "zstd"))),
            #[cfg(feature = "gzip")]
            Compression::Gzip => gzip(body).ok().map(|bytes| (bytes, "gzip")),
        };
        match compressed {
            Some((bytes, encoding)) => (bytes, Some(encoding)),
            None => (body.to_vec(), None),
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
    fn uncompressed_is_a_copy() {
        assert_eq!(
            Compressor::new(Compression::None).compress(BODY),
            (BODY.to_vec(), None)
        );
    }

    #[cfg(feature = "zstd")]
    #[test]
    fn zstd_comes_back() {
        let mut compressor = Compressor::new(Compression::Zstd(1));
        for _ in 0..2 {
            let (bytes, encoding) = compressor.compress(BODY);
            assert_eq!(encoding, Some("zstd"));
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

        let (bytes, encoding) = Compressor::new(Compression::Gzip).compress(BODY);
        let mut back = Vec::new();
        let read = flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut back);
        assert_eq!(
            (encoding, read.ok(), back.as_slice()),
            (Some("gzip"), Some(BODY.len()), BODY)
        );
    }
}
