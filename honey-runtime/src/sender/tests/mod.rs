//! The sender as a whole, against servers that misbehave; each test ends with the balance.

#[cfg(feature = "http")]
mod answers;
mod basics;
#[cfg(feature = "http")]
mod documented;
#[cfg(feature = "http")]
mod faults;
#[cfg(honey_model)]
mod model;
mod policies;
#[cfg(all(honey_speed, feature = "http", feature = "zstd"))]
mod speed;
mod transmission;
