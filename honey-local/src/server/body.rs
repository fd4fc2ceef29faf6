//! A request's body, read within bounds of size and time.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::protocol::Wire;

/// How long a body may take.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);
/// How much of a body over the limit is still read and thrown away, so that a client that writes first and reads
/// then gets its answer instead of a reset connection.
const DISCARDED_BYTES: usize = 64 << 20;

/// Reads a body of at most `limit` bytes.
pub(super) async fn read(body: Incoming, limit: usize) -> Wire {
    tokio::time::timeout(BODY_TIMEOUT, collect(body, limit))
        .await
        .unwrap_or(Wire::Broken)
}

async fn collect(mut body: Incoming, limit: usize) -> Wire {
    let mut wire = Vec::new();
    let mut length = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Wire::Broken;
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        length = length.saturating_add(data.len());
        if length > DISCARDED_BYTES {
            return Wire::TooLarge;
        }
        if length > limit {
            wire = Vec::new();
        } else {
            wire.extend_from_slice(&data);
        }
    }
    if length > limit {
        Wire::TooLarge
    } else {
        Wire::Whole(wire.into())
    }
}
