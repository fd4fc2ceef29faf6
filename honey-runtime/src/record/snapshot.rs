//! A scope's static fields as they were at one moment, shared by every event made from it.

use std::sync::{Arc, OnceLock};

use super::buffer::FieldBuffer;
use super::destination::Destination;
use crate::fields::FieldSink;

/// Evaluated for each event: an `inventory` function or a closure given to a scope.
pub(crate) type DynamicSource = Arc<dyn Fn(&mut FieldSink<'_>) + Send + Sync>;

/// What an event takes from its scope. Never changed once shared: a scope makes a new one.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) fields: FieldBuffer,
    pub(crate) dynamic: Vec<DynamicSource>,
    pub(crate) destination: Arc<Destination>,
    /// 1 in this many is kept; at least 1.
    pub(crate) sample_rate: u32,
    /// `"key":value` for each of `fields`, made by the ship side once per snapshot.
    pub(crate) encoded: OnceLock<Vec<Box<[u8]>>>,
}
