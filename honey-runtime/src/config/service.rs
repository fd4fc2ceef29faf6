//! Which service the program is, and what is true of all its events because of it.

use super::Config;

/// Fields that the global client gives its events unless told otherwise, by OpenTelemetry's names.
pub(crate) const DEFAULT_FIELDS: [&str; 7] = [
    "service.name",
    "service.version",
    "host.name",
    "process.pid",
    "telemetry.sdk.name",
    "telemetry.sdk.language",
    "telemetry.sdk.version",
];

/// A service's name and version: those of the crate in which [`service!`](crate::service!) stands.
///
/// ```
/// use honey::Service;
///
/// // One binary that is two services, by its command line.
/// const WORKER: Service = Service::new("shop-worker", env!("CARGO_PKG_VERSION"));
///
/// let config = honey::Config::new("key").service(WORKER);
/// assert_eq!(WORKER.name(), "shop-worker");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Service {
    name: &'static str,
    version: &'static str,
}

impl Service {
    /// A service of this name and version; an empty version adds no field. For a crate's own write `honey::service!()`.
    #[must_use]
    pub const fn new(name: &'static str, version: &'static str) -> Self {
        Self { name, version }
    }

    /// The field `service.name`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The field `service.version`.
    #[must_use]
    pub const fn version(&self) -> &'static str {
        self.version
    }
}

/// The crate that this stands in, as a [`Service`](crate::Service): the binary's name, in a library the package's, and the
/// package's version, as Cargo knows them when it compiles that crate.
///
/// ```
/// # fn main() -> Result<(), honey::EnvError> {
/// let service = honey::service!();
/// assert!(!service.name().is_empty());
/// let config = honey::Config::from_env()?.service(service);
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! service {
    () => {
        $crate::__private::service_of(
            ::core::option_env!("CARGO_BIN_NAME"),
            ::core::option_env!("CARGO_PKG_NAME"),
            ::core::option_env!("CARGO_PKG_VERSION"),
            ::core::module_path!(),
        )
    };
}

/// What [`service!`](crate::service!) finds; without Cargo, the crate's name alone.
#[must_use]
pub fn service_of(
    binary: Option<&'static str>,
    package: Option<&'static str>,
    version: Option<&'static str>,
    module: &'static str,
) -> Service {
    let of_module = module.split("::").next().unwrap_or(module);
    Service {
        name: binary.or(package).unwrap_or(of_module),
        version: version.unwrap_or_default(),
    }
}

impl Config {
    /// The service by the crate's own name and version: the fields `service.name` and `service.version`. What
    /// [`service_name`](Config::service_name) or the environment says wins, so that whoever runs the program can rename it.
    ///
    /// ```
    /// let config = honey::Config::new("key").service(honey::service!());
    /// ```
    pub fn service(mut self, service: Service) -> Self {
        self.service = Some(service);
        self
    }

    /// Whether events have `service.version`, `host.name`, `process.pid` and `telemetry.sdk.*` (that it is honey, and which). By
    /// default those of the global client have, others' not. They stand in the scope, so that they cost an event nothing on the
    /// caller's side, and next to nothing once compressed; what `OTEL_RESOURCE_ATTRIBUTES` and [`global`](crate::global) say wins.
    /// `service.name` is there wherever it is known.
    pub fn default_fields(mut self, add: bool) -> Self {
        self.default_fields = Some(add);
        self
    }

    /// Leaves out one of the [default fields](Config::default_fields), or `service.name`. A name that is none of them is refused
    /// by `init`.
    ///
    /// ```
    /// let config = honey::Config::new("key")
    ///     .service_name("shop")
    ///     .without_default_field("host.name");
    /// ```
    pub fn without_default_field(mut self, name: impl Into<String>) -> Self {
        self.left_out_defaults.push(name.into());
        self
    }

    /// Whether one of the default fields is wanted.
    pub(crate) fn wants_default(&self, name: &str) -> bool {
        self.left_out_defaults
            .iter()
            .all(|left_out| left_out != name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_named_by_its_binary_then_its_package_then_its_module() {
        for (binary, package, name) in [
            (Some("worker"), Some("shop"), "worker"),
            (None, Some("shop"), "shop"),
            (None, None, "module"),
        ] {
            let service = service_of(binary, package, Some("1.2.3"), "module::inner");
            assert_eq!((service.name(), service.version()), (name, "1.2.3"));
        }
        let bare = service_of(None, None, None, "module");
        assert_eq!(bare, Service::new("module", ""));
    }
}
