//! The layer and what it can be told.

use std::fmt;
use std::net::IpAddr;

use ::http::{request, response};
use tower_layer::Layer;

use super::service::EventService;
use crate::fields::FieldSink;
use crate::sync::Arc;

/// Something that is asked of each request.
pub(super) type Ask<T> = Arc<dyn Fn(&request::Parts) -> T + Send + Sync>;
/// The same, for an answer that stands in the request.
pub(super) type AskText = Arc<dyn Fn(&request::Parts) -> Option<&str> + Send + Sync>;
/// Something that adds fields.
pub(super) type AddFields<P> = Arc<dyn Fn(&P, &mut FieldSink<'_>) + Send + Sync>;

/// Makes each request to a service an event. See [the module](crate::tower) for what is recorded, and when the event ends.
///
/// ```
/// use honey::ToField;
/// use honey::tower::EventLayer;
///
/// let layer = EventLayer::new()
///     .skip(|request| request.uri.path() == "/healthz")
///     .sample_rate(|request| if request.uri.path().starts_with("/static/") { 100 } else { 1 })
///     .request_fields(|request, fields| {
///         let tenant = request.headers.get("x-tenant").and_then(|tenant| tenant.to_str().ok());
///         fields.put("tenant", tenant.to_field());
///     });
/// # drop(layer);
/// ```
///
/// A hook that panics costs what it was asked for, not the request. Events of its own are not recorded.
#[derive(Clone, Default)]
pub struct EventLayer {
    pub(super) skip: Option<Ask<bool>>,
    pub(super) sample_rate: Option<Ask<u32>>,
    pub(super) stranger: Option<Ask<bool>>,
    pub(super) name: Option<Ask<Option<String>>>,
    pub(super) route: Option<AskText>,
    pub(super) client_address: Option<Ask<Option<IpAddr>>>,
    pub(super) request_fields: Option<AddFields<request::Parts>>,
    pub(super) response_fields: Option<AddFields<response::Parts>>,
}

impl EventLayer {
    /// One that makes an event of each request, with the fields in [the module's table](crate::tower).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes no event for requests of which `skip` says so: health checks, metrics.
    ///
    /// What happens below such a request begins traces of its own.
    ///
    /// ```
    /// # use honey::tower::EventLayer;
    /// let layer = EventLayer::new().skip(|request| request.uri.path() == "/healthz");
    /// # drop(layer);
    /// ```
    #[must_use]
    pub fn skip(mut self, skip: impl Fn(&request::Parts) -> bool + Send + Sync + 'static) -> Self {
        self.skip = Some(Arc::new(skip));
        self
    }

    /// Keeps 1 in so many of such requests, with everything below them; 0 and 1 keep all. A larger rate of the client's or of the
    /// caller's trace wins.
    ///
    /// ```
    /// # use honey::tower::EventLayer;
    /// let layer = EventLayer::new().sample_rate(|request| match request.uri.path() {
    ///     "/" => 100,
    ///     _ => 1,
    /// });
    /// # drop(layer);
    /// ```
    #[must_use]
    pub fn sample_rate(
        mut self,
        rate: impl Fn(&request::Parts) -> u32 + Send + Sync + 'static,
    ) -> Self {
        self.sample_rate = Some(Arc::new(rate));
        self
    }

    /// Of requests of which `stranger` says so, begins new traces that are linked to the caller's: anybody can send a `traceparent`
    /// that chooses the trace, and whether it is kept. By default every caller's trace is continued; see
    /// [`propagation`](crate::propagation).
    ///
    /// ```
    /// # use honey::tower::EventLayer;
    /// let public = EventLayer::new().stranger(|_| true);
    /// # drop(public);
    /// ```
    #[must_use]
    pub fn stranger(
        mut self,
        stranger: impl Fn(&request::Parts) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.stranger = Some(Arc::new(stranger));
        self
    }

    /// Another name for the event than its method and route. Let names be few: they are what events are grouped by.
    ///
    /// ```
    /// # use honey::tower::EventLayer;
    /// let layer = EventLayer::new().name(|request| {
    ///     let is_api = request.uri.path().starts_with("/api/");
    ///     is_api.then(|| format!("api {}", request.method))
    /// });
    /// # drop(layer);
    /// ```
    #[must_use]
    pub fn name(
        mut self,
        name: impl Fn(&request::Parts) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.name = Some(Arc::new(name));
        self
    }

    /// Which route took the request, for `http.route` and the event's name: for routers other than axum's, or without the feature
    /// `axum`. A template, `/cart/{id}`, never the path itself.
    ///
    /// ```
    /// # use honey::tower::EventLayer;
    /// #[derive(Clone)]
    /// struct Route(&'static str); // what some router leaves in the request's extensions
    ///
    /// let layer = EventLayer::new()
    ///     .route(|request| request.extensions.get::<Route>().map(|route| route.0));
    /// # drop(layer);
    /// ```
    #[must_use]
    pub fn route(
        mut self,
        route: impl Fn(&request::Parts) -> Option<&str> + Send + Sync + 'static,
    ) -> Self {
        self.route = Some(Arc::new(route));
        self
    }

    /// Records `client.address`, which is personal data in many places, and which only you know where to find: behind a proxy it stands
    /// in a header that anybody may send.
    ///
    /// ```
    /// # use honey::tower::EventLayer;
    /// use std::net::SocketAddr;
    /// use axum::extract::ConnectInfo;
    ///
    /// let layer = EventLayer::new().client_address(|request| {
    ///     let peer = request.extensions.get::<ConnectInfo<SocketAddr>>()?;
    ///     Some(peer.0.ip())
    /// });
    /// # drop(layer);
    /// ```
    #[must_use]
    pub fn client_address(
        mut self,
        address: impl Fn(&request::Parts) -> Option<IpAddr> + Send + Sync + 'static,
    ) -> Self {
        self.client_address = Some(Arc::new(address));
        self
    }

    /// Adds fields from the request's head, before the service is called.
    ///
    /// ```
    /// # use honey::tower::EventLayer;
    /// use honey::ToField;
    ///
    /// let layer = EventLayer::new()
    ///     .request_fields(|request, fields| fields.put("url.query", request.uri.query().to_field()));
    /// # drop(layer);
    /// ```
    #[must_use]
    pub fn request_fields(
        mut self,
        add: impl Fn(&request::Parts, &mut FieldSink<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.request_fields = Some(Arc::new(add));
        self
    }

    /// Adds fields from the response's head, before its body.
    ///
    /// ```
    /// # use honey::tower::EventLayer;
    /// use honey::ToField;
    ///
    /// let layer = EventLayer::new().response_fields(|response, fields| {
    ///     let hit = response.headers.contains_key("x-cache-hit");
    ///     fields.put("cache.hit", hit.to_field());
    /// });
    /// # drop(layer);
    /// ```
    #[must_use]
    pub fn response_fields(
        mut self,
        add: impl Fn(&response::Parts, &mut FieldSink<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.response_fields = Some(Arc::new(add));
        self
    }
}

impl<S> Layer<S> for EventLayer {
    type Service = EventService<S>;

    fn layer(&self, inner: S) -> EventService<S> {
        EventService::new(inner, Arc::new(self.clone()))
    }
}

impl fmt::Debug for EventLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventLayer")
            .field("skip", &self.skip.is_some())
            .field("sample_rate", &self.sample_rate.is_some())
            .field("stranger", &self.stranger.is_some())
            .field("name", &self.name.is_some())
            .field("route", &self.route.is_some())
            .field("client_address", &self.client_address.is_some())
            .field("request_fields", &self.request_fields.is_some())
            .field("response_fields", &self.response_fields.is_some())
            .finish()
    }
}
