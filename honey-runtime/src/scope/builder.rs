//! libhoney's middle scope: fields and settings for a kind of event.

use std::borrow::Cow;

use serde::Serialize;

use super::cell::{json_fields, many_fields, one_field, writable};
use super::dynamic::source;
use crate::client::{Inner, live};
use crate::event::{Event, Local};
use crate::fields::HoneyFields;
use crate::isolate;
use crate::record::{FieldBuffer, Snapshot};
use crate::sync::{Arc, Mutex};
use crate::value::{Key, ToField, Trouble};

/// Makes events that share fields and settings: a component's, a tenant's.
///
/// It takes a copy of the global scope when it is made, and its events take a copy of it; changes on either side later do not
/// reach the other. `Clone` makes an independent copy, for what is more specific still.
///
/// ```
/// let mut cache = honey::Builder::new();
/// cache.add_field("component", "cache");
/// let mut event = cache.new_event();
/// event.add_field("hit", true);
/// event.send();
/// ```
pub struct Builder {
    /// The client it was made under; `None`: there was none.
    home: Option<Arc<Inner>>,
    /// The home was the global client, whose successor may take its place. Nobody takes an isolated client's: its events must
    /// not turn up elsewhere.
    is_global: bool,
    /// The home's scope as it was, with what was added since; settings that were given apply.
    scope: Arc<Snapshot>,
    given: Given,
    /// The scope for the client that is current, when there is no home or it is closed.
    away: Mutex<Option<Away>>,
}

/// Settings that this Builder was given, whatever client its events go to.
#[derive(Clone, Default)]
struct Given {
    api_key: Option<String>,
    api_host: Option<String>,
    dataset: Option<String>,
    sample_rate: Option<u32>,
}

/// A scope made for a client that is not home, or for home's successor after a fork.
struct Away {
    client: u64,
    version: u64,
    /// Which process it was made in.
    pid: u32,
    scope: Arc<Snapshot>,
}

impl Builder {
    /// A Builder with a copy of the current client's scope as it is now. Made before there is a client, it goes with the one that
    /// is current when an event is made.
    #[must_use]
    pub fn new() -> Self {
        let client = Local::with(Local::current_client).flatten();
        client.map_or_else(Self::nowhere, Self::of_client)
    }

    /// A Builder of no client.
    pub(crate) fn nowhere() -> Self {
        Self::of(None, Arc::new(Snapshot::default()))
    }

    pub(crate) fn of_client(client: Arc<Inner>) -> Self {
        let scope = client.scope.snapshot();
        Self::of(Some(client), scope)
    }

    fn of(home: Option<Arc<Inner>>, scope: Arc<Snapshot>) -> Self {
        let is_global = home.as_ref().is_some_and(|home| live::is_global(home.id));
        Self {
            home,
            is_global,
            scope,
            given: Given::default(),
            away: Mutex::new(None),
        }
    }

    /// Adds one field; a later value of the same key wins.
    pub fn add_field(&mut self, key: impl Into<Key>, value: impl ToField) -> &mut Self {
        self.append(&one_field(&key.into(), &value))
    }

    /// Adds all fields of `fields`.
    pub fn add(&mut self, fields: &impl HoneyFields) -> &mut Self {
        self.append(&many_fields(fields))
    }

    /// Spreads a serializable value over fields.
    pub fn add_json(&mut self, value: &(impl Serialize + ?Sized)) -> &mut Self {
        self.append(&json_fields(value, self.scope.shape))
    }

    /// Evaluates `value` for each event of this Builder, when it is made.
    pub fn add_dynamic_field<V: ToField>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Fn() -> V + Send + Sync + 'static,
    ) -> &mut Self {
        self.change(|scope| scope.dynamic.push(source(Key(name.into()), value)))
    }

    /// Sends to another dataset. Blanks around it do not count; an empty one changes nothing.
    pub fn set_dataset(&mut self, dataset: impl Into<String>) -> &mut Self {
        let dataset = dataset.into().trim().to_owned();
        if !dataset.is_empty() {
            self.given.dataset = Some(dataset);
        }
        self.apply_given()
    }

    /// Sends with another key. One that no request can carry costs the events: see [`set_api_host`](Builder::set_api_host).
    pub fn set_api_key(&mut self, api_key: impl Into<String>) -> &mut Self {
        self.given.api_key = Some(api_key.into().trim().to_owned());
        self.apply_given()
    }

    /// Sends to another server, a base URL as in [`Config::api_host`](crate::Config::api_host); an empty one discards the events.
    ///
    /// A URL, key or dataset that cannot be used costs the events, which must not turn up elsewhere: they are dropped as
    /// [`Transport`](crate::DropReason::Transport), their responses and a diagnostic message say what to write instead.
    pub fn set_api_host(&mut self, api_host: impl Into<String>) -> &mut Self {
        self.given.api_host = Some(api_host.into().trim().to_owned());
        self.apply_given()
    }

    /// Keeps 1 in `rate` of its events. 0 and 1 keep all.
    pub fn set_sample_rate(&mut self, rate: u32) -> &mut Self {
        self.given.sample_rate = Some(rate.max(1));
        self.apply_given()
    }

    /// An event with a copy of this scope.
    pub fn new_event(&self) -> Event {
        let Some(home) = &self.home else {
            let current = Local::with(Local::current_client).flatten();
            return current.map_or_else(Event::new, |client| self.event_away(&client));
        };
        let here = home.here();
        let successor = if self.is_global && here.is_closed() {
            live::global()
        } else {
            None
        };
        match successor {
            Some(client) => self.event_away(&client),
            None if !Arc::ptr_eq(here, home) => {
                Event::of_builder(here, &self.scope_in_child(home, here))
            }
            // After close this is counted as `Closed`.
            None => Event::of_builder(here, &self.scope),
        }
    }

    /// One event with these fields added, sent at once: libhoney's `send_now`.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// honey::Builder::new().send_now(&BTreeMap::from([("duration_ms", 153.12)]));
    /// ```
    pub fn send_now(&self, fields: &impl HoneyFields) {
        let mut event = self.new_event();
        event.add(fields);
        event.send();
    }

    /// An event for a client that is not the one this was made under.
    fn event_away(&self, client: &Arc<Inner>) -> Event {
        let scope = self.kept_for(client, || self.scope_for(client));
        Event::of_builder(client, &scope)
    }

    /// The scope for a client, made when there is none for it as it is now. Never waits: the lock may be one that a thread of the
    /// process before a fork holds.
    fn kept_for(&self, client: &Inner, make: impl FnOnce() -> Arc<Snapshot>) -> Arc<Snapshot> {
        let (id, version, pid) = (client.id, client.scope.version(), client.scope.pid());
        let known = self.away.try_lock().and_then(|away| {
            let fits = |away: &&Away| (away.client, away.version, away.pid) == (id, version, pid);
            away.as_ref()
                .filter(fits)
                .map(|away| Arc::clone(&away.scope))
        });
        known.unwrap_or_else(|| {
            let scope = make();
            let away = Away {
                client: id,
                version,
                pid,
                scope: Arc::clone(&scope),
            };
            let replaced = self.away.try_lock().and_then(|mut kept| kept.replace(away));
            isolate::discard(replaced.map(|away| away.scope));
            scope
        })
    }

    /// In a child process, the scope as it was made in the parent, but for the process's number.
    fn scope_in_child(&self, parents: &Inner, client: &Inner) -> Arc<Snapshot> {
        self.kept_for(client, || {
            let mut scope = Arc::clone(&self.scope);
            writable(&mut scope).renew_pid(parents.scope.pid(), client.scope.pid());
            scope
        })
    }

    fn scope_for(&self, client: &Inner) -> Arc<Snapshot> {
        let mut scope = client.scope.snapshot();
        let changed = writable(&mut scope);
        changed.append(&self.scope.fields);
        if self.home.is_some() {
            // It has copies of its old home's functions, which are mostly the same.
            changed.dynamic.clear();
        }
        changed
            .dynamic
            .extend(self.scope.dynamic.iter().map(Arc::clone));
        self.given.apply(changed);
        scope
    }

    fn append(&mut self, (fields, trouble): &(FieldBuffer, Trouble)) -> &mut Self {
        if let Some(home) = &self.home {
            home.quirks.add(*trouble);
        }
        self.change(|scope| scope.append(fields))
    }

    fn apply_given(&mut self) -> &mut Self {
        let given = std::mem::take(&mut self.given);
        self.change(|scope| given.apply(scope));
        self.given = given;
        self
    }

    fn change(&mut self, change: impl FnOnce(&mut Snapshot)) -> &mut Self {
        change(writable(&mut self.scope));
        *self.away.get_mut() = None;
        self
    }
}

impl Given {
    fn apply(&self, scope: &mut Snapshot) {
        let Self {
            api_key,
            api_host,
            dataset,
            sample_rate,
        } = self;
        if api_key.is_some() || api_host.is_some() || dataset.is_some() {
            let to = Arc::make_mut(&mut scope.destination);
            for (setting, given) in [
                (&mut to.api_key, api_key),
                (&mut to.api_host, api_host),
                (&mut to.dataset, dataset),
            ] {
                if let Some(given) = given {
                    setting.clone_from(given);
                }
            }
        }
        scope.sample_rate = sample_rate.unwrap_or(scope.sample_rate);
    }
}

/// An independent copy.
impl Clone for Builder {
    fn clone(&self) -> Self {
        Self {
            given: self.given.clone(),
            is_global: self.is_global,
            ..Self::of(self.home.clone(), Arc::clone(&self.scope))
        }
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("fields", &self.scope.fields.len())
            .field("destination", &self.scope.destination)
            .finish_non_exhaustive()
    }
}
