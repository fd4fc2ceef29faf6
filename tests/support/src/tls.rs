//! Certificates, good and bad.

use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};

/// A certificate signed by itself, with its key.
#[derive(Debug)]
pub struct Certificate {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Certificate {
    /// For this host name.
    #[must_use]
    pub fn valid_for(host: &str) -> Self {
        Self::of(&params(host))
    }

    /// For `localhost`, twenty years too late.
    #[must_use]
    pub fn expired() -> Self {
        let mut params = params("localhost");
        params.not_before = date_time_ymd(2000, 1, 1);
        params.not_after = date_time_ymd(2001, 1, 1);
        Self::of(&params)
    }

    fn of(params: &CertificateParams) -> Self {
        let made = KeyPair::generate().and_then(|key| {
            let certificate = params.self_signed(&key)?.der().clone();
            Ok(Self { certificate, key })
        });
        made.unwrap_or_else(|error| unreachable!("nothing in it comes from outside: {error}"))
    }

    /// A client that trusts this certificate, and no other.
    #[must_use]
    pub fn trusted(&self) -> ClientConfig {
        let mut roots = RootCertStore::empty();
        let _ = roots.add(self.certificate.clone());
        let builder =
            ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
        match builder {
            Ok(builder) => builder.with_root_certificates(roots).with_no_client_auth(),
            Err(error) => unreachable!("the provider knows TLS: {error}"),
        }
    }

    pub(crate) fn server_config(&self) -> Arc<ServerConfig> {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .and_then(|builder| {
                builder
                    .with_no_client_auth()
                    .with_single_cert(vec![self.certificate.clone()], key)
            });
        Arc::new(
            config.unwrap_or_else(|error| {
                unreachable!("key and certificate belong together: {error}")
            }),
        )
    }
}

fn params(host: &str) -> CertificateParams {
    CertificateParams::new(vec![host.to_owned()]).unwrap_or_default()
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}
