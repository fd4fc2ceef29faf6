//! What request bodies are written in.

/// The encoding of request bodies. What is sent is the same in both: the same fields, limits and cuts.
///
/// ```
/// use honey::BodyEncoding;
///
/// let config = honey::Config::new("key").dataset("shop").body_encoding(BodyEncoding::default());
/// assert_eq!(BodyEncoding::default(), BodyEncoding::Json);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyEncoding {
    /// `application/json`, what the Events API documents. Every server takes it.
    #[default]
    Json,
    /// `application/msgpack`, as libhoney-go sends it with `EnableMsgpackEncoding`: integers are 64 bits wide whatever reads them,
    /// also behind proxies that read JSON's numbers as floats. Needs the feature `msgpack`.
    ///
    /// Taken by Honeycomb (its Lambda extension sends it: honeycomb-lambda-extension, pull request 72), by Refinery (`unmarshal` in
    /// its `route.go`) and by the OpenTelemetry Collector's `libhoneyreceiver`; the Events API's page does not name it. Costs honey's
    /// own thread more than JSON does, since bodies are made from that; the application's threads pay nothing for it.
    #[cfg(feature = "msgpack")]
    MessagePack,
}
