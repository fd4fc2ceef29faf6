//! A local Honeycomb.
