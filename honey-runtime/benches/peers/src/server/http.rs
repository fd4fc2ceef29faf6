//! As much of HTTP/1.1 as the peers speak.

use std::io::{self, BufRead, Read};

/// One request; its buffers are used again for the next on the connection.
#[derive(Default)]
pub(super) struct Request {
    pub(super) path: String,
    /// As it came.
    pub(super) body: Vec<u8>,
    unpacked: Vec<u8>,
    line: String,
    packing: Packing,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Packing {
    #[default]
    None,
    Gzip,
    Zstd,
}

/// How long the body is.
enum Length {
    Known(usize),
    Chunked,
}

impl Request {
    /// Reads the next one. `false`: the connection has ended.
    pub(super) fn read(&mut self, from: &mut impl BufRead) -> io::Result<bool> {
        if !self.read_line(from)? {
            return Ok(false);
        }
        self.path.clear();
        self.path
            .push_str(self.line.split(' ').nth(1).unwrap_or(""));
        let length = self.read_headers(from)?;
        self.body.clear();
        match length {
            Length::Known(bytes) => {
                self.body.resize(bytes, 0);
                from.read_exact(&mut self.body)?;
            }
            Length::Chunked => self.read_chunks(from)?,
        }
        Ok(true)
    }

    fn read_headers(&mut self, from: &mut impl BufRead) -> io::Result<Length> {
        let mut length = Length::Known(0);
        self.packing = Packing::None;
        while self.read_line(from)? && !self.line.is_empty() {
            let Some((name, value)) = self.line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            if name.eq_ignore_ascii_case("content-length") {
                length = Length::Known(value.parse().map_err(io::Error::other)?);
            } else if name.eq_ignore_ascii_case("transfer-encoding") {
                length = Length::Chunked;
            } else if name.eq_ignore_ascii_case("content-encoding") {
                self.packing = match value {
                    "gzip" => Packing::Gzip,
                    "zstd" => Packing::Zstd,
                    _ => Packing::None,
                };
            }
        }
        Ok(length)
    }

    fn read_chunks(&mut self, from: &mut impl BufRead) -> io::Result<()> {
        loop {
            self.read_line(from)?;
            let bytes = usize::from_str_radix(&self.line, 16).map_err(io::Error::other)?;
            from.take(bytes as u64).read_to_end(&mut self.body)?;
            self.read_line(from)?;
            if bytes == 0 {
                return Ok(());
            }
        }
    }

    /// A line without its end. `false`: there is none.
    fn read_line(&mut self, from: &mut impl BufRead) -> io::Result<bool> {
        self.line.clear();
        let read = from.read_line(&mut self.line)?;
        self.line.truncate(self.line.trim_end().len());
        Ok(read > 0)
    }

    /// The body without its compression; `None` when that is broken.
    pub(super) fn unpacked(&mut self) -> Option<&[u8]> {
        self.unpacked.clear();
        match self.packing {
            Packing::None => return Some(&self.body),
            Packing::Gzip => {
                flate2::read::GzDecoder::new(self.body.as_slice())
                    .read_to_end(&mut self.unpacked)
                    .ok()?;
            }
            Packing::Zstd => {
                zstd::stream::copy_decode(self.body.as_slice(), &mut self.unpacked).ok()?;
            }
        }
        Some(&self.unpacked)
    }
}
