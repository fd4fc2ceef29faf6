//! The ship side.

#[cfg(feature = "testing")]
mod capture;
mod encode;
#[cfg(feature = "testing")]
pub(crate) use capture::{CaptureShip, Encoded};

#[cfg(test)]
mod testing;
