//! Calls by `honey::reqwest`: a child event each, and the trace goes along.

use axum::Router;
use axum::routing::{any, get};
use honey::reqwest::{ClientExt as _, RequestBuilderExt as _};
use honey::tower::EventLayer;
use honey_test_support::addresses::Refusing;
use http::StatusCode;

use crate::rig::{Rig, on_threads};

fn client() -> reqwest::Client {
    // The tests are built with honey's reqwest, which leaves the choice to the program.
    let _ = honey::rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().build().unwrap()
}

fn server() -> Router {
    Router::new()
        .route("/price/{sku}", get(async || "12.5"))
        .route("/none", any(async || StatusCode::NOT_FOUND))
        .layer(EventLayer::new())
}

#[test]
fn one_trace_over_client_and_server() {
    #[honey::event]
    async fn visit(url: String) {
        let request = client().get(url);
        let response = request.send_in_child_event("fetch price").await.unwrap();
        assert_eq!(response.text().await.unwrap(), "12.5");
    }

    let rig = Rig::new();
    on_threads(async {
        let address = rig.serve(server()).await;
        let url = format!("http://user:s3cret@{address}/price/tea?token=s3cret#s3cret");
        rig.run(visit(url)).await;
        let mut events = [rig.next(), rig.next(), rig.next()];
        events.sort_by_key(|event| event["name"].to_string());
        let [taken, fetch, visit] = &events;
        assert_eq!(taken["name"], "GET /price/{sku}");
        assert_eq!(fetch["name"], "fetch price");
        for (child, parent) in [(taken, fetch), (fetch, visit)] {
            assert_eq!(child["trace.trace_id"], parent["trace.trace_id"]);
            assert_eq!(child["trace.parent_id"], parent["trace.span_id"]);
        }
        assert!(!visit.contains_key("trace.parent_id"));
        assert_eq!(taken["span.kind"], "server");
        assert_eq!(fetch["span.kind"], "client");
        assert_eq!(fetch["http.request.method"], "GET");
        assert_eq!(
            fetch["url.full"],
            format!("http://{address}/price/tea?token=REDACTED")
        );
        assert_eq!(fetch["server.address"], "127.0.0.1");
        assert_eq!(fetch["server.port"], address.port());
        assert_eq!(fetch["http.response.status_code"], 200);
        assert_eq!(fetch["http.response.body.size"], 4);
        assert_eq!(fetch["network.protocol.version"], "1.1");
        assert_eq!(fetch["outcome"], "ok");
    });
    rig.close();
}

#[test]
fn what_a_call_makes_of_refusals() {
    let rig = Rig::new();
    on_threads(async {
        let address = rig.serve(server()).await;
        let client = client();
        let odd = reqwest::Method::from_bytes(b"BREW").unwrap();
        let request = client
            .request(odd, format!("http://{address}/none"))
            .build()
            .unwrap();
        let response = rig
            .run(client.execute_in_child_event("missing", request))
            .await;
        assert_eq!(response.unwrap().status(), 404);
        let (first, second) = (rig.next(), rig.next());
        let call = if first["name"] == "missing" {
            first
        } else {
            second
        };
        assert_eq!(call["outcome"], "error");
        assert_eq!(call["error.type"], "404");
        assert_eq!(call["http.request.method"], "_OTHER");
        assert_eq!(call["http.request.method_original"], "BREW");

        let nobody = Refusing::new().unwrap();
        let call = client.get(nobody.url()).send_in_child_event("nobody");
        assert!(rig.run(call).await.unwrap_err().is_connect());
        let call = rig.next();
        assert_eq!(call["outcome"], "error");
        assert_eq!(call["error.type"], "connect");
        assert!(!call.contains_key("error.message"));
    });
    rig.close();
}

#[test]
fn a_call_that_nobody_waits_for_any_more_is_cancelled() {
    let rig = Rig::new();
    on_threads(async {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        let call = client().get(url);
        let call = rig.run(call.send_in_child_event("endless"));
        tokio::select! {
            _ = call => unreachable!("nobody answers"),
            accepted = silent.accept() => drop(accepted.map(|(stream, _)| stream.into_std())),
        }
    });
    assert_eq!(rig.next()["outcome"], "cancelled");
    rig.close();
}

#[test]
fn a_call_that_a_filter_leaves_out_writes_nothing_into_its_parent() {
    #[honey::event]
    async fn visit(url: String) {
        let call = client().get(url).send_in_child_event("fetch price");
        assert_eq!(call.await.unwrap().status(), 200);
    }

    let rig = Rig::with(|config| config.filter("fetch price=off"));
    on_threads(async {
        let address = rig.serve(server()).await;
        rig.run(visit(format!("http://{address}/price/tea"))).await;
    });
    let (first, second) = (rig.next(), rig.next());
    let (visit, taken) = if first["name"] == "visit" {
        (first, second)
    } else {
        (second, first)
    };
    assert_eq!(taken["trace.parent_id"], visit["trace.span_id"]);
    assert!(!visit.contains_key("url.full"));
    rig.close();
}
