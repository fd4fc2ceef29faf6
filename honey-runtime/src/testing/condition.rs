//! What a test asks of an event, in a form that can also say how far an event is from it.

use std::rc::Rc;

use serde_json::Value as Json;

use super::nearness;
use super::{Captured, CapturedEvent};
use crate::init::{DynamicFields, capture_client};
use crate::value::ToField;

/// One thing that an event must be, have or not have.
#[derive(Clone)]
pub(super) struct Condition<'a> {
    /// What it is about: mostly a field's name.
    pub(super) subject: String,
    pub(super) expected: String,
    /// The name that is asked for, if this is about the name.
    pub(super) name: Option<String>,
    look: Rc<dyn Fn(&CapturedEvent) -> Look + 'a>,
}

/// What an event is in that respect.
pub(super) struct Look {
    pub(super) holds: bool,
    pub(super) captured: String,
}

impl<'a> Condition<'a> {
    fn new(
        subject: impl Into<String>,
        expected: impl Into<String>,
        look: impl Fn(&CapturedEvent) -> Look + 'a,
    ) -> Self {
        Self {
            subject: subject.into(),
            expected: expected.into(),
            name: None,
            look: Rc::new(look),
        }
    }

    pub(super) fn named(name: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            ..Self::with("name", Some(name.into()))
        }
    }

    /// The field is this; `None`: it is not there.
    pub(super) fn with(key: &str, value: Option<Json>) -> Self {
        let expected = value
            .as_ref()
            .map_or_else(|| "(missing)".to_owned(), Json::to_string);
        let key = key.to_owned();
        Self::new(key.clone(), expected, move |event| Look {
            holds: event.field(&key) == value.as_ref(),
            captured: shown(event, &key),
        })
    }

    pub(super) fn has(key: &str) -> Self {
        let key = key.to_owned();
        Self::new(key.clone(), "(any value)", move |event| Look {
            holds: event.field(&key).is_some(),
            captured: shown(event, &key),
        })
    }

    /// It is below the event with this id.
    pub(super) fn child_of(parent: &CapturedEvent) -> Self {
        let name = parent.name().unwrap_or("-").to_owned();
        let id = parent.span_id().map(str::to_owned);
        Self::new("parent", format!("{name:?}"), move |event| Look {
            holds: id.is_some() && event.parent_id() == id.as_deref(),
            captured: if event.parent_id().is_some() {
                "another"
            } else {
                "none"
            }
            .to_owned(),
        })
    }

    pub(super) fn root() -> Self {
        Self::new("parent", "none", |event| {
            let holds = event.parent_id().is_none();
            let captured = if holds { "none" } else { "one" };
            Look {
                holds,
                captured: captured.to_owned(),
            }
        })
    }

    pub(super) fn that(what: &str, holds: impl Fn(&CapturedEvent) -> bool + 'a) -> Self {
        Self::new(what, "yes", move |event| {
            let holds = holds(event);
            let captured = if holds { "yes" } else { "no" };
            Look {
                holds,
                captured: captured.to_owned(),
            }
        })
    }

    pub(super) fn look(&self, event: &CapturedEvent) -> Look {
        (self.look)(event)
    }

    pub(super) fn holds(&self, event: &CapturedEvent) -> bool {
        self.look(event).holds
    }
}

/// A field's value, or what is there in its place.
fn shown(event: &CapturedEvent, key: &str) -> String {
    if let Some(value) = event.field(key) {
        return value.to_string();
    }
    match nearness::similar(key, event.data().keys()) {
        Some(similar) => format!("(missing; there is `{similar}`)"),
        None => "(missing)".to_owned(),
    }
}

/// The value as an event would have it, by the way that every value goes; `None`: it adds no field.
pub(super) fn as_sent(value: impl ToField) -> Option<Json> {
    let (client, ship) = capture_client(DynamicFields::LeaveOut);
    let mut event = client.builder().new_event();
    // An event needs one field.
    event.add_field("is", true);
    event.add_field("value", value);
    event.send();
    let captured = Captured::of(&client, &ship, ());
    captured.events()[0].field("value").cloned()
}
