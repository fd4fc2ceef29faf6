//! Request bodies, compressed.

use bytes::Bytes;
#[cfg(feature = "zstd")]
use zstd::zstd_safe::zstd_sys::ZSTD_EndDirective;
#[cfg(feature = "zstd")]
use zstd::zstd_safe::{self, CCtx, CParameter, InBuffer, OutBuffer, ResetDirective, SafeResult};

use crate::compression::Compression;
use crate::sender::courtesy::Courtesy;

/// What zstd takes at once: a block.
#[cfg(feature = "zstd")]
const ZSTD_PIECE_BYTES: usize = 128 * 1024;
#[cfg(feature = "gzip")]
const GZIP_PIECE_BYTES: usize = 16 * 1024;

/// Compresses bodies one after the other; keeps its tables between them.
pub(super) struct Compressor {
    compression: Compression,
    #[cfg(feature = "zstd")]
    zstd: Option<CCtx<'static>>,
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
                Compression::Zstd(level) => zstd_at(level),
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
    pub(super) fn compress(
        &mut self,
        body: &[u8],
        courtesy: Courtesy,
    ) -> Option<(Bytes, &'static str)> {
        match self.compression {
            Compression::None => None,
            #[cfg(feature = "zstd")]
            Compression::Zstd(_) => {
                let Self { zstd, scratch, .. } = self;
                zstd_into(zstd.as_mut()?, scratch, body, courtesy).ok()?;
                Some((Bytes::copy_from_slice(scratch), "zstd"))
            }
            #[cfg(feature = "gzip")]
            Compression::Gzip => gzip(body, courtesy)
                .ok()
                .map(|bytes| (bytes.into(), "gzip")),
        }
    }
}

#[cfg(feature = "zstd")]
fn zstd_at(level: i32) -> Option<CCtx<'static>> {
    let mut context = CCtx::try_create()?;
    let parameter = CParameter::CompressionLevel(level);
    context.set_parameter(parameter).ok()?;
    Some(context)
}

/// Fills `out` with the frame of `body`.
#[cfg(feature = "zstd")]
fn zstd_into(
    context: &mut CCtx<'static>,
    out: &mut Vec<u8>,
    body: &[u8],
    mut courtesy: Courtesy,
) -> SafeResult {
    out.clear();
    // Large enough for all of it, so that each call takes its whole piece.
    out.reserve(zstd_safe::compress_bound(body.len()));
    context.reset(ResetDirective::SessionOnly)?;
    context.set_pledged_src_size(Some(body.len() as u64))?;
    let mut out = OutBuffer::around(out);
    // All at once is copied less.
    let piece_bytes = match courtesy {
        Courtesy::HURRY => body.len(),
        _ => ZSTD_PIECE_BYTES,
    };
    let mut rest = body;
    loop {
        let (piece, after) = rest.split_at(piece_bytes.min(rest.len()));
        let mut piece = InBuffer::around(piece);
        if after.is_empty() {
            return context.compress_stream2(&mut out, &mut piece, ZSTD_EndDirective::ZSTD_e_end);
        }
        context.compress_stream(&mut out, &mut piece)?;
        rest = after;
        courtesy.at(body.len() - rest.len());
    }
}

#[cfg(feature = "gzip")]
fn gzip(body: &[u8], mut courtesy: Courtesy) -> std::io::Result<Vec<u8>> {
    use std::io::Write as _;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut done = 0;
    for piece in body.chunks(GZIP_PIECE_BYTES) {
        encoder.write_all(piece)?;
        done += piece.len();
        courtesy.at(done);
    }
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uncompressed_goes_out_as_it_is() {
        let made = Compressor::new(Compression::None).compress(b"[]", Courtesy::HURRY);
        assert_eq!(made, None);
    }

    /// Nothing, little, whole pieces and parts of one; what compresses well and what does not.
    #[cfg(any(feature = "zstd", feature = "gzip"))]
    fn bodies() -> impl Iterator<Item = Vec<u8>> {
        let mut dice = fastrand::Rng::with_seed(7);
        [0, 1, 36, 16 * 1024, 128 * 1024, 400_000]
            .into_iter()
            .flat_map(move |bytes| {
                let plain = b"{\"data\":{}},".iter().copied().cycle().take(bytes);
                let noise = std::iter::repeat_with(|| dice.u8(..)).take(bytes);
                [plain.collect(), noise.collect::<Vec<u8>>()]
            })
    }

    #[cfg(feature = "zstd")]
    #[test]
    fn zstd_comes_back() {
        let mut compressor = Compressor::new(Compression::Zstd(1));
        for body in bodies() {
            for courtesy in [Courtesy::GIVE_WAY, Courtesy::HURRY] {
                let made = compressor.compress(&body, courtesy);
                let (bytes, encoding) = made.unwrap_or_default();
                assert_eq!(encoding, "zstd");
                let size = zstd_safe::get_frame_content_size(&bytes).ok().flatten();
                assert_eq!(size, Some(body.len() as u64), "the frame says it");
                let back = zstd::bulk::decompress(&bytes, body.len());
                assert_eq!(back.ok().as_ref(), Some(&body));
            }
        }
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn gzip_comes_back() {
        use std::io::Read as _;

        let mut compressor = Compressor::new(Compression::Gzip);
        for body in bodies() {
            for courtesy in [Courtesy::GIVE_WAY, Courtesy::HURRY] {
                let made = compressor.compress(&body, courtesy);
                let (bytes, encoding) = made.unwrap_or_default();
                let mut back = Vec::new();
                let read = flate2::read::GzDecoder::new(bytes.as_ref()).read_to_end(&mut back);
                assert_eq!((encoding, read.ok()), ("gzip", Some(body.len())));
                assert_eq!(back, body);
            }
        }
    }
}
