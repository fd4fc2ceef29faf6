//! An event on its way out, as `before_send` may read and change it.

use std::fmt;
use std::sync::Arc;

use crate::fields::FieldSink;
use crate::record::{EventView, FieldBuffer, KeyRef, Scalar, Timed};
use crate::seen::{FieldValue, SeenEvent};
use crate::value::{Hashed, Key, ToField, Trouble, Value};

/// A user's function that sees every event before it is sent.
pub(crate) type BeforeSend = Arc<dyn Fn(&mut Outgoing<'_>) + Send + Sync>;

/// An event that is about to be sent: what [`Config::before_send`](crate::Config::before_send) is given.
///
/// All its fields can be read and changed: its own, those of its scopes, and of those that honey sets `name`, `error.type` and
/// `error.message`. The others that honey sets can be read alone: a field that is added by such a name is sent as `app.NAME`.
/// The first change copies the event; reading copies nothing.
///
/// ```
/// let config = honey::Config::new("key").service_name("shop").before_send(|event| {
///     event.redact("user.email");
///     if event.name() == Some("healthz") {
///         event.discard();
///     }
/// });
/// # drop(config);
/// ```
pub struct Outgoing<'a> {
    view: EventView<'a>,
    sample_rate: u32,
    edited: Option<Edited>,
    is_discarded: bool,
    trouble: Trouble,
}

/// The event's fields as they are to be, its scopes' included.
pub(crate) struct Edited {
    pub(crate) fields: FieldBuffer,
    pub(crate) timed: Option<Timed>,
    pub(crate) dataset: Option<KeyRef>,
}

/// What the function made of an event.
pub(crate) struct Seen {
    /// `None`: nothing was changed.
    pub(crate) edited: Option<Edited>,
    pub(crate) is_discarded: bool,
    pub(crate) trouble: Trouble,
}

impl<'a> Outgoing<'a> {
    /// An event that is to be sent at this rate.
    pub(crate) fn new(view: EventView<'a>, sample_rate: u32) -> Self {
        Self {
            view,
            sample_rate,
            edited: None,
            is_discarded: false,
            trouble: Trouble::default(),
        }
    }

    pub(crate) fn into_seen(self) -> Seen {
        Seen {
            edited: self.edited,
            is_discarded: self.is_discarded,
            trouble: self.trouble,
        }
    }

    /// The event as it is now.
    #[must_use]
    pub fn event(&self) -> SeenEvent<'_> {
        let event = SeenEvent::of(self.view).at(self.sample_rate);
        match &self.edited {
            Some(edited) => event.with(edited.timed.as_ref(), edited.fields.view()),
            None => event,
        }
    }

    /// Its name; see [`SeenEvent::name`].
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.event().name()
    }

    /// One field, under the name it is sent by; see [`SeenEvent::get`].
    #[must_use]
    pub fn get(&self, key: &str) -> Option<FieldValue<'_>> {
        self.event().get(key)
    }

    /// The dataset it goes to.
    #[must_use]
    pub fn dataset(&self) -> &str {
        let own = self.view.record.dataset;
        let own = own.map(|dataset| dataset.of(self.view.fields.text));
        own.unwrap_or(&self.view.snapshot.destination.dataset)
    }

    /// Adds one field, or gives it another value.
    ///
    /// ```
    /// let config = honey::Config::new("key").before_send(|event| event.add_field("region", "eu"));
    /// ```
    pub fn add_field(&mut self, key: impl Into<Key>, value: impl ToField) {
        self.put(&key.into(), value.to_field());
    }

    /// Takes a field away. False: it has no such field, or one that cannot be taken away.
    ///
    /// ```
    /// let config = honey::Config::new("key").before_send(|event| {
    ///     event.remove("http.request.header.cookie");
    /// });
    /// ```
    pub fn remove(&mut self, key: &str) -> bool {
        if self.get(key).is_none() {
            return false;
        }
        let edited = self.edited();
        match (key, &mut edited.timed) {
            ("error.message", Some(timed)) => timed.error_message.take().is_some(),
            ("error.type", Some(timed)) => timed.error_type.take().is_some(),
            _ => edited.fields.remove(key),
        }
    }

    /// Gives a field the hash of its value, as `#[honey(redact = hash)]` does: it can be counted and compared, not read; see
    /// [`set_redaction_key`](crate::set_redaction_key). False: it has no such field.
    ///
    /// ```
    /// let config = honey::Config::new("key").before_send(|event| {
    ///     event.redact("user.email");
    /// });
    /// ```
    pub fn redact(&mut self, key: &str) -> bool {
        let Some(value) = self.get(key) else {
            return false;
        };
        let hashed = Hashed(Value::Display(&value)).to_string();
        let can_change = self.is_changeable(key);
        if can_change {
            self.put(&Key::from(key.to_owned()), Value::Str(&hashed));
        }
        can_change
    }

    /// Does not send it: it is counted as [`DiscardReason::BeforeSend`](crate::DiscardReason::BeforeSend).
    ///
    /// ```
    /// let config = honey::Config::new("key").before_send(|event| {
    ///     if event.name() == Some("healthz") {
    ///         event.discard();
    ///     }
    /// });
    /// ```
    pub fn discard(&mut self) {
        self.is_discarded = true;
    }

    fn put(&mut self, key: &Key, value: Value<'_>) {
        let mut trouble = Trouble::default();
        let edited = self.edited();
        match (key.as_ref(), &mut edited.timed, value) {
            (_, _, Value::None) => {}
            ("name", Some(timed), value) => {
                if let Some(text) = store_text(&mut edited.fields, value) {
                    timed.name = text;
                }
            }
            ("error.message", Some(timed), value) if timed.error_message.is_some() => {
                if let Some(KeyRef::Text(text)) = store_text(&mut edited.fields, value) {
                    timed.error_message = Some(text);
                }
            }
            _ => {
                edited.fields.remove(key.as_ref());
                FieldSink::new(&mut edited.fields, &mut trouble).put_key(key, value);
            }
        }
        self.trouble.add(trouble);
    }

    /// Whether a value that is there can be another.
    fn is_changeable(&self, key: &str) -> bool {
        let is_timed = self.view.record.timed.is_some();
        !is_timed || !matches!(key, "duration_ms" | "outcome" | "error" | "error.type")
    }

    fn edited(&mut self) -> &mut Edited {
        let Self {
            view,
            edited,
            trouble,
            ..
        } = self;
        edited.get_or_insert_with(|| {
            let mut fields = view.snapshot.fields.clone();
            if !fields.replace_with(view.fields) {
                trouble.refused_fields += 1;
            }
            let text = view.fields.text;
            let mut keep = |key: KeyRef| match key {
                KeyRef::Static(_) => key,
                KeyRef::Text(span) => fields
                    .store(span.of(text))
                    .map_or(KeyRef::Static(""), KeyRef::Text),
            };
            let dataset = view.record.dataset.map(&mut keep);
            let timed = view.record.timed.map(|timed| Timed {
                name: keep(timed.name),
                ..timed
            });
            let timed = timed.map(|timed| Timed {
                error_message: timed
                    .error_message
                    .and_then(|message| fields.store(message.of(text))),
                ..timed
            });
            Edited {
                fields,
                timed,
                dataset,
            }
        })
    }
}

fn store_text(fields: &mut FieldBuffer, value: Value<'_>) -> Option<KeyRef> {
    let mut scratch = FieldBuffer::new();
    let mut trouble = Trouble::default();
    FieldSink::new(&mut scratch, &mut trouble).put("text", value);
    let view = scratch.view();
    let text = match view.fields.first()?.value {
        Scalar::Text(span) | Scalar::Json(span) => span.of(view.text).to_owned(),
        _ => return None,
    };
    fields.store(&text).map(KeyRef::Text)
}

impl fmt::Debug for Outgoing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing")
            .field("event", &self.event())
            .field("is_discarded", &self.is_discarded)
            .finish()
    }
}
