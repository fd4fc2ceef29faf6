//! How events leave: how many together, how many at a time, for how long.

use std::time::Duration;

use super::Config;
use crate::body_encoding::BodyEncoding;
use crate::compression::Compression;

impl Config {
    /// Events in one request, at most; by default 8,192; 0: no limit. A request also ends at about 1 MB.
    ///
    /// ```
    /// // A server of ours that is small: at most 100 events a request.
    /// let config = honey::Config::new("key").dataset("shop").max_batch_size(100);
    /// ```
    pub fn max_batch_size(mut self, events: usize) -> Self {
        self.max_batch_size = events;
        self
    }

    /// How long an event waits for others before they are sent together; by default 100 ms, at least 1 ms. After 10 s without
    /// events it may be a second.
    ///
    /// ```
    /// # use std::time::Duration;
    /// // Fewer requests: what happens within a second goes together.
    /// let config = honey::Config::new("key").dataset("shop").send_frequency(Duration::from_secs(1));
    /// ```
    pub fn send_frequency(mut self, interval: Duration) -> Self {
        self.send_frequency = interval;
        self
    }

    /// Requests under way to one destination at a time, at most and at least 1; by default 8, which keeps a distant server busy.
    ///
    /// ```
    /// // One request after the other, for a proxy that can take no more.
    /// let config = honey::Config::new("key").dataset("shop").max_concurrent_batches(1);
    /// ```
    pub fn max_concurrent_batches(mut self, requests: usize) -> Self {
        self.max_concurrent_batches = requests;
        self
    }

    /// Events on their way, at most and at least 1; the newest is dropped beyond. By default 1,000,000: the bytes are the usual bound.
    ///
    /// ```
    /// // Of an outage at most the first 10,000 events are kept; those after are dropped, and counted.
    /// let config = honey::Config::new("key").dataset("shop").max_pending_events(10_000);
    /// ```
    pub fn max_pending_events(mut self, events: usize) -> Self {
        self.max_pending_events = events;
        self
    }

    /// Bytes of events on their way, at most; the newest event is dropped beyond. By default 64 MiB.
    ///
    /// ```
    /// // A small container: 8 MiB for events on their way, and a constant for buffers beside it.
    /// let config = honey::Config::new("key").dataset("shop").max_pending_bytes(8 << 20);
    /// ```
    pub fn max_pending_bytes(mut self, bytes: usize) -> Self {
        self.max_pending_bytes = bytes;
        self
    }

    /// Bytes of one event's JSON, at most; by default 100,000, what the Events API documents; up to 1,000,000, what Honeycomb
    /// takes today. Longer ones have their longest strings cut, and say so in `meta.truncated`.
    ///
    /// ```
    /// // Events with hundreds of fields shall arrive whole.
    /// let config = honey::Config::new("key").dataset("shop").max_event_bytes(1_000_000);
    /// ```
    pub fn max_event_bytes(mut self, bytes: usize) -> Self {
        self.max_event_bytes = bytes;
        self
    }

    /// Lets `send`, and the end of an annotated function, wait for room for at most `longest` instead of dropping the event.
    /// By default nothing waits.
    ///
    /// Who waits goes on when a sixteenth of what may be pending is free, or, looking every 100 ms, with what there is.
    ///
    /// ```
    /// # use std::time::Duration;
    /// // A batch job that may wait, and shall lose nothing while the server is busy.
    /// let config = honey::Config::new("key").dataset("import").block_on_send(Duration::from_secs(30));
    /// ```
    pub fn block_on_send(mut self, longest: Duration) -> Self {
        self.block_on_send = Some(longest);
        self
    }

    /// Lets sending wait until somebody reads the responses. By default the unread are dropped, and counted.
    ///
    /// ```
    /// // An audit reads each response, and must see all of them.
    /// let config = honey::Config::new("key").dataset("audit").block_on_response(true);
    /// ```
    pub fn block_on_response(mut self, block: bool) -> Self {
        self.block_on_response = block;
        self
    }

    /// Responses kept for reading, at most and at least 1. By default twice `max_pending_events`, at most 20,000.
    ///
    /// ```
    /// // Somebody reads all the time: 500 that wait are enough.
    /// let config = honey::Config::new("key").dataset("shop").responses_capacity(500);
    /// ```
    pub fn responses_capacity(mut self, responses: usize) -> Self {
        self.responses_capacity = Some(responses);
        self
    }

    /// Added to the `User-Agent` of requests, as `my-library/1.2`.
    ///
    /// ```
    /// let config = honey::Config::new("key").dataset("shop").user_agent_addition("shop-import/1.2");
    /// ```
    pub fn user_agent_addition(mut self, addition: impl Into<String>) -> Self {
        self.user_agent_addition = addition.into();
        self
    }

    /// How request bodies are compressed; by default zstd at level 1 (of 1 to 22), where the feature `zstd` is on.
    ///
    /// ```
    /// # use honey::Compression;
    /// // The server is on this machine: bytes cost nothing, and processor time does.
    /// let config = honey::Config::new("key").dataset("shop").compression(Compression::None);
    /// ```
    pub fn compression(mut self, compression: Compression) -> Self {
        self.compression = compression;
        self
    }

    /// What request bodies are written in; by default JSON.
    ///
    /// ```
    /// # use honey::BodyEncoding;
    /// // With the feature `msgpack`, `BodyEncoding::MessagePack` keeps 64-bit integers exact behind proxies.
    /// let config = honey::Config::new("key").dataset("shop").body_encoding(BodyEncoding::Json);
    /// ```
    pub fn body_encoding(mut self, encoding: BodyEncoding) -> Self {
        self.body_encoding = encoding;
        self
    }

    /// How long one try of a request may take altogether; by default 10 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// // A slow line: a try may take half a minute before it counts as failed.
    /// let config = honey::Config::new("key").dataset("shop").request_timeout(Duration::from_secs(30));
    /// ```
    pub fn request_timeout(mut self, longest: Duration) -> Self {
        self.request_timeout = longest;
        self
    }

    /// How long connecting may take; by default 5 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// // The proxy is in the same rack: after a second it is down.
    /// let config = honey::Config::new("key").dataset("shop").connect_timeout(Duration::from_secs(1));
    /// ```
    pub fn connect_timeout(mut self, longest: Duration) -> Self {
        self.connect_timeout = longest;
        self
    }

    /// How long after its end an event is still worth sending again; by default 60 s. What is older is dropped, at the next sweep: at
    /// most [`send_frequency`](Config::send_frequency) later (a second, if that is more), and when a try is under way, at its end.
    ///
    /// ```
    /// # use std::time::Duration;
    /// // An outage of five minutes shall lose nothing; what gathers meanwhile needs room.
    /// let config = honey::Config::new("key")
    ///     .dataset("shop")
    ///     .max_age(Duration::from_secs(300))
    ///     .max_pending_bytes(256 << 20);
    /// ```
    pub fn max_age(mut self, longest: Duration) -> Self {
        self.max_age = longest;
        self
    }

    /// How often an event is tried, at most. By default only `max_age` bounds it.
    ///
    /// ```
    /// // One try: what fails is dropped, and counted.
    /// let config = honey::Config::new("key").dataset("shop").max_tries(1);
    /// ```
    pub fn max_tries(mut self, tries: u32) -> Self {
        self.max_tries = Some(tries);
        self
    }
}
