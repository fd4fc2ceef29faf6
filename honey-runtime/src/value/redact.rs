//! `#[honey(redact = hash)]`: a value that can be compared and counted but not read.

use std::fmt::{self, Display, Write};

use sha1_smol::Sha1;

use super::{JsonWriter, Trouble, Value};
use crate::record::FieldBuffer;
use crate::sync::OnceRef;

/// HMAC's block, in bytes.
const BLOCK: usize = 64;
/// Bytes of the hash that are recorded: 64 bits tell millions of values apart.
const SHOWN_BYTES: usize = 8;

static SALT: OnceRef<[u8; BLOCK]> = OnceRef::new();

/// Sets the key of the hashes that `#[honey(redact = hash)]` records. False: it is too late, one was recorded (or a key set)
/// before.
///
/// Without it each process has a key of its own, made at random: the same value gives the same hash within the process, and
/// nobody can try values against it later. Give all processes one key, from where your secrets are kept, if you must join
/// their events by a hashed field.
///
/// ```
/// assert!(honey::set_redaction_key(b"from the secret store"));
/// assert!(!honey::set_redaction_key(b"too late"));
/// ```
#[must_use = "false means that the hashes have another key"]
pub fn set_redaction_key(key: &[u8]) -> bool {
    SALT.set(block_of(key))
}

/// The key as HMAC wants it: filled up with zeros, or hashed when it is longer than a block.
fn block_of(key: &[u8]) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    if key.len() > BLOCK {
        let digest = Sha1::from(key).digest().bytes();
        block[..digest.len()].copy_from_slice(&digest);
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    block
}

fn random_block() -> [u8; BLOCK] {
    use std::hash::{BuildHasher as _, RandomState};
    let mut block = [0; BLOCK];
    for (place, piece) in block.chunks_exact_mut(8).enumerate() {
        // The standard library's keys come from the system's source of randomness.
        let random = RandomState::new().hash_one((place, fastrand::u64(..)));
        piece.copy_from_slice(&random.to_ne_bytes());
    }
    block
}

/// The first 64 bits of a keyed hash (HMAC-SHA-1) of a value's text, as 16 hex digits.
pub(crate) struct Hashed<'a>(pub(crate) Value<'a>);

impl Display for Hashed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = SALT.get_or_make(random_block);
        let mut inner = Digest(Sha1::from(key.map(|byte| byte ^ 0x36)));
        write_text(&mut inner, self.0)?;
        let mut outer = Sha1::from(key.map(|byte| byte ^ 0x5c));
        outer.update(&inner.0.digest().bytes());
        for byte in &outer.digest().bytes()[..SHOWN_BYTES] {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

struct Digest(Sha1);

impl Write for Digest {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

fn write_text(out: &mut Digest, value: Value<'_>) -> fmt::Result {
    match value {
        Value::None | Value::Null => Ok(()),
        Value::Bool(value) => write!(out, "{value}"),
        Value::I64(value) => write!(out, "{value}"),
        Value::U64(value) => write!(out, "{value}"),
        Value::I128(value) => write!(out, "{value}"),
        Value::U128(value) => write!(out, "{value}"),
        Value::F32(value) => write!(out, "{value}"),
        Value::F64(value) => write!(out, "{value}"),
        Value::Str(text) => out.write_str(text),
        Value::Display(value) => write!(out, "{value}"),
        Value::Debug(value) => write!(out, "{value:?}"),
        Value::Path(path) => write!(out, "{}", path.display()),
        Value::Json(value) => {
            let (mut buffer, mut trouble) = (FieldBuffer::new(), Trouble::default());
            value.write_json(&mut JsonWriter::new(&mut buffer, &mut trouble))?;
            out.write_str(buffer.all_text())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_hmac_sha1() {
        // RFC 2202, test case 2. No other test of this binary hashes.
        assert!(set_redaction_key(b"Jefe"));
        let hashed = Hashed(Value::Str("what do ya want for nothing?"));
        assert_eq!(hashed.to_string(), "effcdf6ae5eb2fa2");
    }

    #[test]
    fn long_keys_are_hashed_and_random_ones_differ() {
        assert_eq!(block_of(&[7; 65])[20..], [0; 44]);
        assert_ne!(random_block(), random_block());
    }
}
