//! The sender as a whole, against servers that misbehave; each test ends with the balance.

mod basics;
#[cfg(feature = "http")]
mod answers;
#[cfg(feature = "http")]
mod faults;
