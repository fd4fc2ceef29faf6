//! The global scope of the current client; before `init`, what will become it.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::cell::{json_fields, many_fields, one_field};
use super::dynamic::source;
use crate::client::Inner;
use crate::event::Local;
use crate::fields::HoneyFields;
use crate::process;
use crate::record::{DynamicSource, FieldBuffer, Shape};
use crate::sync::{Arc, AtomicBool, Mutex, MutexGuard, Ordering};
use crate::value::{Key, ToField, Trouble};

/// Fields that may wait for `init`.
const EARLY_FIELDS: usize = 1_000;

static EARLY: Mutex<Early> = Mutex::new(Early {
    fields: FieldBuffer::new(),
    dynamic: Vec::new(),
});

/// What was added to the global scope before there was a client.
#[derive(Default)]
pub(crate) struct Early {
    pub(crate) fields: FieldBuffer,
    pub(crate) dynamic: Vec<DynamicSource>,
}

/// How long somebody waits for what other threads do there in a moment. Longer has it only a thread of the process that forked
/// this one in that moment, before either had a client, and has it for ever: what was added is lost.
const HELD_AT_MOST: Duration = Duration::from_secs(2);

fn early() -> Option<MutexGuard<'static, Early>> {
    static IS_LOST: AtomicBool = AtomicBool::new(false);
    if IS_LOST.load(Ordering::Relaxed) {
        return None;
    }
    let early = EARLY.lock_until(Instant::now() + HELD_AT_MOST);
    IS_LOST.store(early.is_none(), Ordering::Relaxed);
    early
}

/// What `init` adopts.
pub(crate) fn take_early() -> Early {
    early().map_or_else(Early::default, |mut early| std::mem::take(&mut early))
}

/// The global scope of the current client: fields for every event made from now on, events of annotated functions included.
///
/// Before `init` it keeps what it is given (up to 1,000 fields), and init adopts it.
///
/// ```
/// honey::global().add_field("build", env!("CARGO_PKG_VERSION"));
/// honey::global().add_dynamic_field("threads", || 4_u64);
/// ```
#[must_use]
pub fn global() -> Global {
    process::notice_fork();
    match Local::with(Local::current_client).flatten() {
        Some(client) => Global::of_client(Some(client)),
        None => Global {
            scope: Scope::Early,
        },
    }
}

/// A client's scope; see [`global`].
///
/// ```
/// let global = honey::global();
/// global.add_field("cloud.region", "eu-west-1");
/// global.add(&[("cluster", "blue")]);
/// global.add_dynamic_field("queue.length", || 3);
/// ```
pub struct Global {
    scope: Scope,
}

enum Scope {
    Live(Arc<Inner>),
    /// Kept for `init`.
    Early,
    /// A disabled client's.
    Nowhere,
}

impl Global {
    pub(crate) fn of_client(client: Option<Arc<Inner>>) -> Self {
        Self {
            scope: client.map_or(Scope::Nowhere, Scope::Live),
        }
    }

    /// Adds one field; a later value of the same key wins.
    pub fn add_field(&self, key: impl Into<Key>, value: impl ToField) {
        self.append(&one_field(&key.into(), &value));
    }

    /// Adds all fields of `fields`.
    pub fn add(&self, fields: &impl HoneyFields) {
        self.append(&many_fields(fields));
    }

    /// Spreads a serializable value over fields.
    pub fn add_json(&self, value: &(impl Serialize + ?Sized)) {
        let shape = match &self.scope {
            Scope::Live(client) => client.scope.snapshot().shape,
            Scope::Early | Scope::Nowhere => Shape::default(),
        };
        self.append(&json_fields(value, shape));
    }

    /// Evaluates `value` for each event that begins from now on, on the thread that begins it; `None` leaves the field out, and
    /// a panic costs that field only. Keep it cheap: it runs as often as events do.
    pub fn add_dynamic_field<V: ToField>(
        &self,
        name: impl Into<Cow<'static, str>>,
        value: impl Fn() -> V + Send + Sync + 'static,
    ) {
        let source = source(Key(name.into()), value);
        match &self.scope {
            Scope::Live(client) => client
                .here()
                .scope
                .change(|scope| scope.dynamic.push(source)),
            Scope::Early => {
                let early = early().filter(|early| early.dynamic.len() < EARLY_FIELDS);
                if let Some(mut early) = early {
                    early.dynamic.push(source);
                }
            }
            Scope::Nowhere => {}
        }
    }

    fn append(&self, (fields, trouble): &(FieldBuffer, Trouble)) {
        match &self.scope {
            Scope::Live(client) => {
                let client = client.here();
                client.quirks.add(*trouble);
                client.scope.change(|scope| scope.append(fields));
            }
            Scope::Early => {
                let has_room = |early: &Early| early.fields.len() + fields.len() <= EARLY_FIELDS;
                if let Some(mut early) = early().filter(|early| has_room(early)) {
                    early.fields.replace_with(fields.view());
                }
            }
            Scope::Nowhere => {}
        }
    }
}

impl std::fmt::Debug for Global {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Global")
            .field("live", &matches!(self.scope, Scope::Live(_)))
            .finish()
    }
}
