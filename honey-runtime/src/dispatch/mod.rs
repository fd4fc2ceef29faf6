//! x
mod budget;
mod ship;
