//! Certificates that are fine, and those that are not.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::response::DropReason;
use crate::sender::settings::{HttpOptions, Proxy};
use crate::sender::testing::rig::{Rig, quick};
use crate::sender::{Settings, TransportKind};
use crate::stats::Stats;
use crate::sync::Arc;

/// Events to a TLS server with this certificate, by a client that trusts it, or the public ones only.
fn run(params: &CertificateParams, trusts: bool) -> (Stats, Vec<String>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let (Ok(key), Ok(listener)) = (KeyPair::generate(), TcpListener::bind("127.0.0.1:0")) else {
        unreachable!("neither needs anything from outside");
    };
    let Ok(certificate) = params.self_signed(&key) else {
        unreachable!("the parameters are ours");
    };
    let der = certificate.der().clone();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let server = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(vec![der.clone()], key)
        });
    let Ok(server) = server.map(Arc::new) else {
        unreachable!("the certificate is ours");
    };
    let port = listener
        .local_addr()
        .map(|address| address.port())
        .unwrap_or_default();
    // Ends with the process: it serves until then.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if let Ok(connection) = ServerConnection::new(Arc::clone(&server)) {
                let mut stream = StreamOwned::new(connection, stream);
                let mut request = [0; 4096];
                if stream.read(&mut request).unwrap_or(0) > 0 {
                    let _ = stream.write_all(
                        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]",
                    );
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                    let _ = stream.read(&mut request);
                }
            }
        }
    });
    let mut roots = RootCertStore::empty();
    assert!(roots.add(der).is_ok());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_root_certificates(roots).with_no_client_auth());
    let options = HttpOptions {
        tls: tls.ok().filter(|_| trusts).map(Box::new),
        proxy: Proxy::Direct,
        headers: Vec::new(),
    };
    let settings = Settings {
        max_age: Duration::from_millis(500),
        probe_interval: Duration::from_secs(60),
        ..quick()
    };
    let rig = Rig::new(settings, TransportKind::Http(options));
    rig.offer_numbered(&format!("https://localhost:{port}"), 5);
    let stats = rig.settled();
    rig.close();
    let said = rig.said();
    (stats, said)
}

fn params(host: &str) -> CertificateParams {
    CertificateParams::new(vec![host.to_owned()]).unwrap_or_default()
}

#[test]
fn a_users_own_roots_are_trusted() {
    let (stats, said) = run(&params("localhost"), true);
    assert_eq!(stats.unconfirmed, 5, "{said:?}");
}

#[test]
fn a_bad_certificate_is_named_tried_once_and_counted_as_tls() {
    let mut expired = params("localhost");
    expired.not_before = date_time_ymd(2000, 1, 1);
    expired.not_after = date_time_ymd(2001, 1, 1);
    for (what, params, trusts, cause) in [
        ("unknown issuer", params("localhost"), false, "nknown"),
        (
            "another host",
            params("elsewhere"),
            true,
            "not valid for name",
        ),
        ("expired", expired, true, "expired"),
    ] {
        let (stats, said) = run(&params, trusts);
        assert_eq!(stats.dropped.by(DropReason::Tls), 5, "{what}: {said:?}");
        assert_eq!((stats.requests, said.len()), (1, 1), "{what}");
        assert!(said[0].contains(cause), "{what}: {said:?}");
    }
}
