//! libhoney's middle scope: fields and settings for a kind of event.

use std::borrow::Cow;

use serde::Serialize;

use super::cell::{json_fields, many_fields, one_field, writable};
use super::dynamic::source;
use crate::client::Inner;
use crate::event::{Event, Local};
use crate::fields::HoneyFields;
use crate::record::{Destination, FieldBuffer, Snapshot};
use crate::sync::Arc;
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
#[derive(Clone)]
pub struct Builder {
    /// `None`: made before there was a client; settings are taken from the one that is current when an event is made.
    client: Option<Arc<Inner>>,
    scope: Arc<Snapshot>,
}

impl Builder {
    /// A Builder with a copy of the current client's scope as it is now.
    #[must_use]
    pub fn new() -> Self {
        let client = Local::with(Local::current_client).flatten();
        client.map_or_else(Self::nowhere, Self::of_client)
    }

    /// A Builder of no client.
    pub(crate) fn nowhere() -> Self {
        Self {
            client: None,
            scope: Arc::new(Snapshot::default()),
        }
    }

    pub(crate) fn of_client(client: Arc<Inner>) -> Self {
        let scope = client.scope.snapshot();
        Self {
            client: Some(client),
            scope,
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
        self.append(&json_fields(value))
    }

    /// Evaluates `value` for each event of this Builder, when it is made.
    pub fn add_dynamic_field<V: ToField>(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Fn() -> V + Send + Sync + 'static,
    ) -> &mut Self {
        self.change(|scope| scope.dynamic.push(source(Key(name.into()), value)))
    }

    /// Sends to another dataset.
    pub fn set_dataset(&mut self, dataset: impl Into<String>) -> &mut Self {
        let dataset: String = dataset.into();
        self.redirect(|destination| dataset.trim().clone_into(&mut destination.dataset))
    }

    /// Sends with another key.
    pub fn set_api_key(&mut self, api_key: impl Into<String>) -> &mut Self {
        self.redirect(|destination| destination.api_key = api_key.into())
    }

    /// Sends to another server.
    pub fn set_api_host(&mut self, api_host: impl Into<String>) -> &mut Self {
        self.redirect(|destination| destination.api_host = api_host.into())
    }

    /// Keeps 1 in `rate` of its events. 0 and 1 keep all.
    pub fn set_sample_rate(&mut self, rate: u32) -> &mut Self {
        self.change(|scope| scope.sample_rate = rate.max(1))
    }

    /// An event with a copy of this scope.
    pub fn new_event(&self) -> Event {
        match &self.client {
            Some(client) => Event::of_builder(client, &self.scope),
            None => self.early_event(),
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

    fn early_event(&self) -> Event {
        let Some(client) = Local::with(Local::current_client).flatten() else {
            return Event::new();
        };
        let mut scope = Snapshot::clone(&client.scope.snapshot());
        scope.encoded = std::sync::OnceLock::new();
        scope.append(&self.scope.fields);
        scope
            .dynamic
            .extend(self.scope.dynamic.iter().map(Arc::clone));
        Event::of_builder(&client, &Arc::new(scope))
    }

    fn append(&mut self, (fields, trouble): &(FieldBuffer, Trouble)) -> &mut Self {
        if let Some(client) = &self.client {
            client.quirks.add(*trouble);
        }
        self.change(|scope| scope.append(fields))
    }

    fn redirect(&mut self, change: impl FnOnce(&mut Destination)) -> &mut Self {
        self.change(|scope| change(Arc::make_mut(&mut scope.destination)))
    }

    fn change(&mut self, change: impl FnOnce(&mut Snapshot)) -> &mut Self {
        change(writable(&mut self.scope));
        self
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
