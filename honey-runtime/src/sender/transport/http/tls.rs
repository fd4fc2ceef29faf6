//! TLS without the process-wide default provider, which belongs to the application.

use rustls::client::WebPkiServerVerifier;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;

use crate::sender::settings::BuildError;
use crate::sync::Arc;

/// The platform's roots, else the bundled ones: a container without a CA store is no reason to send nothing.
pub(super) fn config() -> Result<ClientConfig, BuildError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = || {
        ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| BuildError {
                what: format!("TLS cannot be set up: {error}"),
            })
    };
    if let Ok(verified) = builder()?.with_platform_verifier() {
        return Ok(verified.with_no_client_auth());
    }
    let roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|error| BuildError {
                what: format!("TLS cannot be set up: {error}"),
            })?;
    Ok(builder()?
        .with_webpki_verifier(verifier)
        .with_no_client_auth())
}
