//! What an event says of its request, how it is called, and the hooks.

use axum::Router;
use axum::body::Body;
use axum::routing::{any, get, post};
use honey::ToField as _;
use honey::tower::EventLayer;
use http::{Method, Request, StatusCode, Version};
use serde_json::json;

use crate::rig::{self, captured, captured_one};

fn shop() -> Router {
    Router::new()
        .route("/cart/{id}", get(async || "3 items"))
        .route("/orders", post(async |body: String| body))
        .route("/broken", get(async || StatusCode::SERVICE_UNAVAILABLE))
        .route("/gone", get(async || StatusCode::GONE))
}

#[test]
fn the_fields_of_a_request_and_its_response() {
    let request = Request::post("/orders?token=secret&user=7")
        .header("host", "shop.example:8080")
        .header("user-agent", "curl/8.5")
        .header("content-length", "5")
        .header("authorization", "Bearer secret")
        .header("x-forwarded-for", "203.0.113.7")
        .body(Body::from("hello"))
        .unwrap();
    let mut event = captured_one(shop(), request);
    for automatic in ["duration_ms", "trace.trace_id", "trace.span_id"] {
        assert!(event.remove(automatic).is_some(), "{automatic}");
    }
    let expected = json!({
        "name": "POST /orders", "outcome": "ok", "meta.signal_type": "trace", "span.kind": "server",
        "http.request.method": "POST", "http.route": "/orders", "url.path": "/orders", "url.scheme": "http",
        "server.address": "shop.example", "server.port": 8080, "user_agent.original": "curl/8.5",
        "network.protocol.version": "1.1", "http.request.body.size": 5,
        "http.response.status_code": 200, "http.response.body.size": 5,
    });
    assert_eq!(serde_json::Value::Object(event), expected);
}

#[test]
fn names_are_few_whatever_is_sent() {
    for (method, path, name, status) in [
        ("GET", "/cart/17", "GET /cart/{id}", 200),
        ("GET", "/nowhere/17", "GET", 404),
        ("DELETE", "/orders", "DELETE /orders", 405),
        ("BREW", "/orders", "HTTP /orders", 405),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Body::empty())
            .unwrap();
        let event = captured_one(shop(), request);
        assert_eq!(event["name"], name, "{method} {path}");
        assert_eq!(event["http.response.status_code"], status);
        assert_eq!(event["outcome"], "ok");
        if method == "BREW" {
            assert_eq!(event["http.request.method"], "_OTHER");
            assert_eq!(event["http.request.method_original"], "BREW");
        }
    }
}

#[test]
fn what_the_server_did_wrong_is_an_error_and_what_the_client_did_is_not() {
    let broken = captured_one(shop(), rig::get("/broken"));
    assert_eq!(broken["outcome"], "error");
    assert_eq!(broken["error"], true);
    assert_eq!(broken["error.type"], "503");
    assert!(!broken.contains_key("error.message"));
    let gone = captured_one(shop(), rig::get("/gone"));
    assert_eq!(gone["outcome"], "ok");
    assert!(!gone.contains_key("error"));
}

#[test]
fn the_route_is_found_wherever_the_layer_is_inside_a_router() {
    let carts = || Router::new().route("/{id}", get(async || ""));
    let layer = EventLayer::new;
    for (what, router, name) in [
        (
            "layer",
            Router::new().nest("/carts", carts()).layer(layer()),
            "GET /carts/{id}",
        ),
        (
            "route_layer",
            Router::new().nest("/carts", carts()).route_layer(layer()),
            "GET /carts/{id}",
        ),
        (
            "layer of the nested router",
            Router::new().nest("/carts", carts().layer(layer())),
            "GET /carts/{id}",
        ),
        (
            "merged",
            Router::new()
                .merge(Router::new().route("/carts/{id}", any(async || "")))
                .layer(layer()),
            "GET /carts/{id}",
        ),
        // The inner router is a service that routes on its own, later.
        (
            "nest_service",
            Router::new().nest_service("/carts", carts()).layer(layer()),
            "GET",
        ),
        (
            "around a router that is a service",
            Router::new().fallback_service(layer_around(carts_at())),
            "GET",
        ),
    ] {
        let captured = captured(router, [rig::get("/carts/7")]);
        assert_eq!(
            captured.event(name).field("http.response.status_code"),
            Some(&200.into()),
            "{what}"
        );
    }
}

fn carts_at() -> Router {
    Router::new().route("/carts/{id}", get(async || ""))
}

fn layer_around(router: Router) -> honey::tower::EventService<Router> {
    tower::Layer::layer(&EventLayer::new(), router)
}

#[test]
fn the_protocol_the_scheme_and_odd_hosts() {
    let mut request = Request::get("https://[::1]:8443/cart/1")
        .version(Version::HTTP_2)
        .body(Body::empty())
        .unwrap();
    let event = captured_one(shop(), request);
    assert_eq!(event["url.scheme"], "https");
    assert_eq!(event["server.address"], "::1");
    assert_eq!(event["server.port"], 8443);
    assert_eq!(event["network.protocol.version"], "2");

    request = rig::get("/cart/1");
    request
        .headers_mut()
        .insert("x-forwarded-proto", http::HeaderValue::from_static("https"));
    request.headers_mut().insert(
        "user-agent",
        http::HeaderValue::from_bytes(b"\xff\xfe").unwrap(),
    );
    request
        .headers_mut()
        .insert("content-length", http::HeaderValue::from_static("many"));
    let event = captured_one(shop(), request);
    assert_eq!(event["url.scheme"], "https");
    for absent in [
        "server.address",
        "user_agent.original",
        "http.request.body.size",
    ] {
        assert!(!event.contains_key(absent), "{absent}");
    }
}

#[test]
fn hooks_add_rename_skip_and_sample() {
    let layer = EventLayer::new()
        .skip(|request| request.uri.path() == "/gone")
        .name(|request| (request.method == Method::POST).then(|| "order".to_owned()))
        .sample_rate(|request| {
            if request.uri.path() == "/broken" {
                u32::MAX
            } else {
                1
            }
        })
        .client_address(|_| "2001:db8::7".parse().ok())
        .request_fields(|request, fields| {
            fields.put("url.query", request.uri.query().to_field());
        })
        .response_fields(|response, fields| {
            fields.put("cached", response.headers.contains_key("age").to_field());
        });
    let requests = [
        rig::get("/gone"),
        rig::get("/broken"),
        rig::get("/cart/7?page=2"),
        Request::post("/orders").body(Body::empty()).unwrap(),
    ];
    let captured = captured(shop().layer(layer), requests);
    assert_eq!(captured.events().len(), 2, "{captured:?}");
    assert_eq!(captured.stats().sampled_out, 1);
    let order = captured.event("order");
    assert_eq!(order.field("url.query"), None);
    let cart = captured.event("GET /cart/{id}");
    assert_eq!(cart.field("url.query"), Some(&"page=2".into()));
    assert_eq!(cart.field("cached"), Some(&false.into()));
    assert_eq!(cart.field("client.address"), Some(&"2001:db8::7".into()));
}

#[test]
fn a_hook_that_panics_costs_what_it_was_asked_for() {
    let layer = EventLayer::new()
        .skip(|_| panic!("skip"))
        .name(|_| panic!("name"))
        .sample_rate(|_| panic!("rate"))
        .client_address(|_| panic!("address"))
        .request_fields(|_, fields| {
            fields.put("before", true.to_field());
            panic!("request")
        })
        .response_fields(|_, _| panic!("response"));
    let captured = captured(shop().layer(layer), [rig::get("/cart/7")]);
    let event = captured.event("GET /cart/{id}");
    assert_eq!(event.field("before"), Some(&true.into()));
    assert_eq!(event.field("outcome"), Some(&"ok".into()));
}

#[test]
fn another_routers_route() {
    #[derive(Clone)]
    struct Route(&'static str);

    let layer =
        EventLayer::new().route(|request| request.extensions.get::<Route>().map(|route| route.0));
    let mut request = rig::get("/cart/7");
    request.extensions_mut().insert(Route("/cart/:id"));
    let captured = captured(shop().layer(layer), [request]);
    assert_eq!(
        captured.event("GET /cart/:id").field("http.route"),
        Some(&"/cart/:id".into())
    );
}

#[test]
fn filters_know_requests_by_name_and_by_the_layers_module() {
    for (filter, events) in [
        ("GET /cart/{id}=off", 0),
        ("GET /orders=off", 1),
        ("honey::tower=off", 0),
        ("GET /cart/{id}=1/4000000000", 0),
    ] {
        let config = honey::Config::new("")
            .dataset("test")
            .filter(filter)
            .transmission(honey::transmission::Discard);
        let client = honey::Client::new(config).unwrap();
        let router = shop().layer(EventLayer::new());
        rig::block_on(async {
            use honey::FutureExt as _;
            use tower::ServiceExt as _;
            let response = router
                .oneshot(rig::get("/cart/7"))
                .with_client(&client)
                .await;
            drop(response);
        });
        let report = client.close(rig::LONGEST);
        let sent = report.stats.created - report.stats.sampled_out;
        assert_eq!(sent, events, "{filter}: {report}");
    }
}

#[test]
fn a_callers_trace_is_continued_unless_it_is_a_strangers() {
    let call = || {
        let mut request = rig::get("/cart/7");
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        request
            .headers_mut()
            .insert("traceparent", http::HeaderValue::from_static(parent));
        request
    };
    let event = captured_one(shop(), call());
    assert_eq!(event["trace.trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(event["trace.parent_id"], "00f067aa0ba902b7");

    let layer = EventLayer::new().stranger(|_| true);
    let captured = captured(shop().layer(layer), [call()]);
    let event = captured.event("GET /cart/{id}");
    assert_ne!(
        event.field("trace.trace_id"),
        Some(&"4bf92f3577b34da6a3ce929d0e0e4736".into())
    );
    assert_eq!(event.field("trace.parent_id"), None);
    let links = captured.events().iter().filter(|event| {
        event.field("trace.link.trace_id") == Some(&"4bf92f3577b34da6a3ce929d0e0e4736".into())
    });
    assert_eq!(links.count(), 1, "{captured:?}");
}

#[test]
fn what_a_mesh_does_not_sample_the_service_may_keep_all_the_same() {
    use honey::FutureExt as _;
    use honey::propagation::RemoteNotSampled;
    use http_body_util::BodyExt as _;
    use tower::ServiceExt as _;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    for (not_sampled, rate, kept) in [
        (RemoteNotSampled::Drop, 1, false),
        (RemoteNotSampled::Decide, 1, true),
        // The own rate decides.
        (RemoteNotSampled::Decide, 4_000_000_000, false),
    ] {
        let config = honey::Config::new("")
            .dataset("test")
            .sample_rate(rate)
            .remote_parent_not_sampled(not_sampled)
            .transmission(honey::transmission::Discard);
        let client = honey::Client::new(config).unwrap();
        let mut request = rig::get("/call");
        let parent = format!("00-{TRACE}-00f067aa0ba902b7-00");
        let parent = http::HeaderValue::from_str(&parent).unwrap();
        request.headers_mut().insert("traceparent", parent);
        let passed_on = rig::block_on(async {
            let router = Router::new().route("/call", get(traceparent));
            let router = router.layer(EventLayer::new());
            let response = router.oneshot(request).with_client(&client).await.unwrap();
            let body = response.into_body().collect().with_client(&client).await;
            String::from_utf8(body.unwrap().to_bytes().to_vec()).unwrap()
        });
        let flags = if kept { "-01" } else { "-00" };
        assert!(
            passed_on.contains(TRACE) && passed_on.ends_with(flags),
            "{passed_on}"
        );
        let stats = client.close(rig::LONGEST).stats;
        assert_eq!(stats.created, 1, "{stats}");
        assert_eq!(
            stats.sampled_out,
            u64::from(!kept),
            "{not_sampled:?}: {stats}"
        );
    }
}

/// What the request's event sends on.
async fn traceparent() -> String {
    let mut headers = std::collections::HashMap::<String, String>::new();
    honey::propagation::inject(&mut headers);
    headers.remove("traceparent").unwrap_or_default()
}
