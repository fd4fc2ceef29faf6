//! OpenTelemetry's SDK with its batch processor, by its own API and through tracing.

use std::marker::PhantomData;
use std::time::Duration;

use opentelemetry::trace::{Span as _, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_otlp::{Protocol, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, SdkTracerProvider, SpanData, SpanExporter,
};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::throttle::{Arrivals, Throttle};
use super::{Caller, Compression, Delivered, Peer, Result, Setup};
use crate::work::{Input, work};

/// The SDK's own default, and the tuned one.
const QUEUE: usize = 2_048;
const TUNED_QUEUE: usize = 65_536;
/// Spans in a request. The SDK's default is 512.
const TUNED_BATCH: usize = 8_192;

pub(crate) struct Otel<C> {
    provider: Option<SdkTracerProvider>,
    arrivals: Arrivals,
    queue: usize,
    caller: PhantomData<C>,
}

/// How calls are instrumented.
pub(crate) trait Instrument: Caller + Send + 'static {
    /// Makes the provider the one that calls go to.
    fn install(provider: &SdkTracerProvider, setup: &Setup) -> Result<()>;
    fn new(throttle: Throttle) -> Self;
}

impl<C: Instrument> Otel<C> {
    pub(crate) fn start(setup: &Setup) -> Result<Self> {
        let arrivals = Arrivals::default();
        let queue = if setup.tuned { TUNED_QUEUE } else { QUEUE };
        let provider = if setup.disabled {
            None
        } else if setup.in_process {
            Some(provider(
                setup,
                Counted {
                    inner: Nowhere,
                    arrivals: arrivals.clone(),
                },
            ))
        } else {
            Some(provider(
                setup,
                Counted {
                    inner: otlp(setup)?,
                    arrivals: arrivals.clone(),
                },
            ))
        };
        if let Some(provider) = &provider {
            C::install(provider, setup)?;
        }
        Ok(Self {
            provider,
            arrivals,
            queue,
            caller: PhantomData,
        })
    }
}

fn provider(setup: &Setup, exporter: impl SpanExporter + 'static) -> SdkTracerProvider {
    let builder = SdkTracerProvider::builder()
        .with_resource(Resource::builder().with_service_name("peers").build());
    if setup.tuned {
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(TUNED_QUEUE)
            .with_max_export_batch_size(TUNED_BATCH)
            .with_scheduled_delay(Duration::from_millis(100))
            .build();
        let processor = BatchSpanProcessor::builder(exporter)
            .with_batch_config(config)
            .build();
        builder.with_span_processor(processor).build()
    } else {
        builder.with_batch_exporter(exporter).build()
    }
}

fn otlp(setup: &Setup) -> Result<opentelemetry_otlp::SpanExporter> {
    // Other peers in this program bring reqwest with TLS but without a provider for it. An error: there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", setup.url));
    let builder = match setup.compression {
        Compression::None => builder,
        Compression::Gzip => builder.with_compression(opentelemetry_otlp::Compression::Gzip),
        Compression::Zstd => builder.with_compression(opentelemetry_otlp::Compression::Zstd),
    };
    Ok(builder.build()?)
}

impl<C: Instrument> Peer for Otel<C> {
    type Caller = C;

    fn caller(&self) -> C {
        C::new(Throttle::new(self.arrivals.clone(), self.queue))
    }

    fn drain(&mut self, _: u64) {
        if let Some(provider) = &self.provider {
            // A failure shows in what has been delivered.
            let _ = provider.force_flush();
        }
    }

    fn delivered(&self) -> Delivered {
        Delivered::Counted(self.arrivals.count())
    }
}

/// An exporter that counts what another one has sent with success.
#[derive(Debug)]
struct Counted<E> {
    inner: E,
    arrivals: Arrivals,
}

impl<E: SpanExporter> SpanExporter for Counted<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        self.inner.export(batch).await?;
        self.arrivals.add(spans);
        Ok(())
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

/// Takes spans and does nothing with them: less than any real exporter.
#[derive(Debug)]
struct Nowhere;

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

/// `tracing::instrument`, with the fields that the body finds declared and recorded later.
pub(crate) struct Tracing(Throttle);

impl Instrument for Tracing {
    fn install(provider: &SdkTracerProvider, setup: &Setup) -> Result<()> {
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("peers"));
        let layer = if setup.tuned {
            layer
                .with_location(false)
                .with_threads(false)
                .with_target(false)
                .with_tracked_inactivity(false)
        } else {
            layer
        };
        // Without a filter the SDK's own debug events would be recorded too.
        tracing_subscriber::registry()
            .with(LevelFilter::INFO)
            .with(layer)
            .try_init()?;
        Ok(())
    }

    fn new(throttle: Throttle) -> Self {
        Self(throttle)
    }
}

impl Caller for Tracing {
    const HAS_PARENTS: bool = true;

    fn call(&mut self, input: Input) {
        traced(input.user_id, input.label);
    }

    fn in_parent(&mut self, work: impl FnOnce(&mut Self)) {
        tracing::info_span!("parent").in_scope(|| work(self));
    }

    fn make_room(&mut self) {
        self.0.make_room();
    }
}

#[tracing::instrument(
    name = "call",
    skip_all,
    fields(user_id, label, cache.hit = tracing::field::Empty, total = tracing::field::Empty, tier = tracing::field::Empty)
)]
pub(super) fn traced(user_id: u64, label: &str) {
    let found = work(user_id, label);
    let span = tracing::Span::current();
    span.record("cache.hit", found.cache_hit);
    span.record("total", found.total);
    span.record("tier", found.tier);
}

/// OpenTelemetry's own API.
pub(crate) struct Api {
    tracer: global::BoxedTracer,
    throttle: Throttle,
}

impl Instrument for Api {
    fn install(provider: &SdkTracerProvider, _: &Setup) -> Result<()> {
        global::set_tracer_provider(provider.clone());
        Ok(())
    }

    fn new(throttle: Throttle) -> Self {
        Self {
            tracer: global::tracer("peers"),
            throttle,
        }
    }
}

impl Caller for Api {
    const HAS_PARENTS: bool = true;

    fn call(&mut self, input: Input) {
        let mut span = self.tracer.start("call");
        span.set_attribute(KeyValue::new("user_id", input.user_id.cast_signed()));
        span.set_attribute(KeyValue::new("label", input.label));
        let found = work(input.user_id, input.label);
        span.set_attribute(KeyValue::new("cache.hit", found.cache_hit));
        span.set_attribute(KeyValue::new("total", found.total));
        span.set_attribute(KeyValue::new("tier", found.tier));
        span.end();
    }

    fn in_parent(&mut self, work: impl FnOnce(&mut Self)) {
        let parent = Context::current_with_span(self.tracer.start("parent"));
        let _guard = parent.attach();
        work(self);
    }

    fn make_room(&mut self) {
        self.throttle.make_room();
    }
}
