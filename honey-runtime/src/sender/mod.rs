//! The ship side.

mod encode;
#[cfg(test)]
mod testing;
