//! The macros of honey.
#![forbid(unsafe_code)]
