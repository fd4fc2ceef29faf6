//! The body's compression: read with a bound, so that a bomb takes no more memory than the limit.

use std::borrow::Cow;
use std::io::{self, Read};

use super::Rules;
use super::refusal::Refusal;

/// The largest zstd window a body may ask for, as a power of two: 8 MiB, above any body within the limit.
const ZSTD_WINDOW_LOG: u32 = 23;

/// The body uncompressed, at most `limit` bytes of it.
pub(crate) fn decoded<'a>(
    encoding: Option<&str>,
    wire: &'a [u8],
    limit: usize,
    rules: &Rules,
) -> Result<Cow<'a, [u8]>, Refusal> {
    if wire.len() > limit {
        return Err(rules.too_large());
    }
    let body = match encoding {
        None => return Ok(Cow::Borrowed(wire)),
        Some("gzip") => bounded(flate2::read::MultiGzDecoder::new(wire), limit),
        Some("zstd") => zstd_reader(wire).and_then(|reader| bounded(reader, limit)),
        Some(other) => return Err(unsupported(other)),
    };
    let body = body.map_err(|_| Refusal::malformed())?;
    if body.len() > limit {
        Err(rules.too_large())
    } else {
        Ok(Cow::Owned(body))
    }
}

/// Refuses an encoding before its body is looked at.
pub(crate) fn check(encoding: Option<&str>) -> Result<(), Refusal> {
    match encoding {
        None | Some("gzip" | "zstd") => Ok(()),
        Some(other) => Err(unsupported(other)),
    }
}

fn unsupported(encoding: &str) -> Refusal {
    Refusal::new(
        415,
        format!("unsupported Content-Encoding {encoding:?}: use gzip, zstd or none"),
    )
}

fn zstd_reader(wire: &[u8]) -> io::Result<impl Read> {
    let mut reader = zstd::stream::read::Decoder::with_buffer(wire)?;
    reader.window_log_max(ZSTD_WINDOW_LOG)?;
    Ok(reader)
}

/// Reads one byte more than `limit` at most, which is how the caller sees that there was more.
fn bounded(reader: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    reader.take(most).read_to_end(&mut body)?;
    Ok(body)
}
