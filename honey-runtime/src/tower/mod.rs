//! One event for each request that a server takes: the feature `tower`, for axum, hyper, tonic and every other tower service.
//!
//! [`EventLayer`] goes around a service. Each request becomes the root event of what happens in this process for it: `honey::root()`
//! is that event from the handler down to the tasks it spawns with [`FutureExt`](crate::FutureExt) or `honey::tokio::spawn`. A
//! caller that sends `traceparent` (or `X-Honeycomb-Trace`) has its trace continued; see [`propagation`](crate::propagation).
//!
//! ```
//! use ::tower::{ServiceBuilder, ServiceExt};
//! use http::{Request, Response};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let service = ServiceBuilder::new()
//!     .layer(honey::tower::EventLayer::new())
//!     .service_fn(async |_request: Request<String>| {
//!         honey::root().add_field("cart.items", 3);
//!         Ok::<_, std::convert::Infallible>(Response::new(String::from("done")))
//!     });
//!
//! let captured = honey::testing::capture_async(async {
//!     let request = Request::get("/cart?token=secret").body(String::new()).unwrap();
//!     service.oneshot(request).await.unwrap();
//! })
//! .await;
//! let event = captured.event("GET");
//! assert_eq!(event.field("url.path"), Some(&"/cart".into()));
//! assert_eq!(event.field("http.response.status_code"), Some(&200.into()));
//! assert_eq!(event.field("cart.items"), Some(&3.into()));
//! # }
//! ```
//!
//! # What is recorded
//! The names are OpenTelemetry's. Nothing else of a request is recorded unless you ask for it: no query, no address of the client, no
//! header.
//!
//! | field | value |
//! |---|---|
//! | `name` | the method and the route, `GET /cart/{id}`; the method alone where no route is known; of gRPC `package.Service/Method` |
//! | `span.kind` | `server`: OpenTelemetry's kind of a span, as Honeycomb writes it |
//! | `http.request.method` | the method; `_OTHER` for one that is not in a standard, which stands in `http.request.method_original` |
//! | `http.route` | with the feature `axum` its `MatchedPath`, else what [`EventLayer::route`] says |
//! | `url.path`, `url.scheme` | as in the request; the scheme by `X-Forwarded-Proto` first, `http` if nothing tells |
//! | `server.address`, `server.port` | by the request's authority or `Host` |
//! | `user_agent.original` | the header |
//! | `network.protocol.version` | `1.1`, `2` |
//! | `http.request.body.size` | bytes, as `Content-Length` says; absent without it |
//! | `http.response.status_code` | the status |
//! | `http.response.body.size` | the bytes of the body that the server took over |
//! | `rpc.system.name`, `rpc.method`, `rpc.response.status_code` | of gRPC |
//!
//! # When it ends, and how
//! With the response's body: when its last frame was handed to the server, so `duration_ms` covers a stream to its end, and code in a
//! streamed body finds its request as [`current`](crate::current). Then `outcome` is
//! - `error` for a status of 500 and more (`error.type` is the status), an error of the service or of the body (`error.type` is its
//!   type's name; its text is not recorded), and for the statuses of gRPC that are the server's fault (`error.type` is `UNAVAILABLE` …).
//!   A 4xx is the client's mistake, and no error;
//! - `panic` when the handler, or the body, panicked. The panic goes on as if there were no layer;
//! - `cancelled` when the response's future or its body was dropped before its end: the client is gone, or a timeout around this layer
//!   struck;
//! - else `ok`.
//!
//! An upgraded connection (a WebSocket) is no part of the event, which ends with the 101.
//!
//! # Where to put it
//! Outside of what should be measured, and inside of what turns panics into responses only if these should count as panics. With axum
//! on the router, after the routes: `Router::layer` (also what no route takes becomes an event) or `Router::route_layer`. Around a whole
//! `Router` it works too, but there the route is not known yet, and the event is named by its method alone.
//!
//! # Cost
//! While no client is live, a look at that. Else an event of some fifteen fields, and a box for a caller's context where there is one:
//! about two microseconds of CPU for a request of an axum service, from the request's begin to Honeycomb's answer for its event.
//!
//! Two of these layers around one route make two root events.

mod body;
mod future;
mod grpc;
mod headers;
mod layer;
mod request;
mod response;
mod service;

pub use body::EventBody;
pub use future::ResponseFuture;
pub use layer::EventLayer;
pub use service::EventService;
