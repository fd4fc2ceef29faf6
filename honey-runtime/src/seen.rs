//! A finished event as user code may read it: by the names its fields are sent under, before anything is JSON.

use std::fmt;
use std::time::Duration;

use crate::record::{EventView, FieldsView, KeyRef, Scalar, Timed};
use crate::response::Ending;

/// A field's value as it was recorded.
///
/// ```
/// let config = honey::Config::new("key").service_name("shop").before_send(|event| {
///     let is_large = event.get("rows").and_then(|rows| rows.as_f64()).is_some_and(|rows| rows > 1e6);
///     event.add_field("is_large", is_large);
/// });
/// # drop(config);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum FieldValue<'a> {
    /// JSON `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A signed integer.
    I64(i64),
    /// An unsigned integer.
    U64(u64),
    /// A float.
    F64(f64),
    /// Text.
    Text(&'a str),
    /// JSON, as [`json`](crate::json) wrote it: a list or a map.
    Json(&'a str),
}

impl<'a> FieldValue<'a> {
    /// The text of a text value.
    ///
    /// ```
    /// use honey::FieldValue;
    ///
    /// assert_eq!(FieldValue::Text("gold").as_str(), Some("gold"));
    /// assert_eq!(FieldValue::U64(7).as_str(), None);
    /// ```
    #[must_use]
    pub fn as_str(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A number as a float; integers beyond 2^53 are rounded.
    ///
    /// ```
    /// use honey::FieldValue;
    ///
    /// assert_eq!(FieldValue::U64(500).as_f64(), Some(500.0));
    /// assert_eq!(FieldValue::Text("500").as_f64(), None);
    /// ```
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "said in its documentation")]
    pub fn as_f64(self) -> Option<f64> {
        match self {
            Self::I64(number) => Some(number as f64),
            Self::U64(number) => Some(number as f64),
            Self::F64(number) => Some(number),
            _ => None,
        }
    }

    /// A truth value.
    ///
    /// ```
    /// assert_eq!(honey::FieldValue::Bool(true).as_bool(), Some(true));
    /// ```
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(value),
            _ => None,
        }
    }

    fn of(scalar: Scalar, text: &'a str) -> Self {
        match scalar {
            Scalar::Null => Self::Null,
            Scalar::Bool(value) => Self::Bool(value),
            Scalar::I64(value) => Self::I64(value),
            Scalar::U64(value) => Self::U64(value),
            Scalar::F32(value) => Self::F64(value.into()),
            Scalar::F64(value) => Self::F64(value),
            Scalar::Text(span) => Self::Text(span.of(text)),
            Scalar::Json(span) => Self::Json(span.of(text)),
        }
    }
}

/// The value alone: text without quotes, everything else as in JSON.
impl fmt::Display for FieldValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::I64(value) => write!(f, "{value}"),
            Self::U64(value) => write!(f, "{value}"),
            Self::F64(value) => write!(f, "{value}"),
            Self::Text(text) | Self::Json(text) => f.write_str(text),
        }
    }
}

/// A finished event, to be read: its own fields, its scope's, and those that honey sets.
///
/// Reading costs a comparison of names for each field; nothing is copied.
///
/// ```
/// use honey::sampling::{Rate, TailRules, When};
///
/// let checkouts = When::test(|trace| trace.events().any(|event| event.name() == Some("checkout")));
/// let rules = TailRules::new().rule(checkouts, Rate::all());
/// # drop(rules);
/// ```
#[derive(Clone, Copy)]
pub struct SeenEvent<'a> {
    sample_rate: u32,
    timed: Option<&'a Timed>,
    own: FieldsView<'a>,
    scope: FieldsView<'a>,
}

impl<'a> SeenEvent<'a> {
    pub(crate) fn of(view: EventView<'a>) -> Self {
        Self {
            sample_rate: view.record.sample_rate,
            timed: view.record.timed.as_ref(),
            own: view.fields,
            scope: view.snapshot.fields.view(),
        }
    }

    /// The same event at another rate.
    pub(crate) fn at(self, sample_rate: u32) -> Self {
        Self {
            sample_rate,
            ..self
        }
    }

    /// The same event with other fields in the place of its own and its scope's.
    pub(crate) fn with(self, timed: Option<&'a Timed>, fields: FieldsView<'a>) -> Self {
        Self {
            timed,
            own: fields,
            scope: FieldsView {
                fields: &[],
                text: "",
            },
            ..self
        }
    }

    /// Its name: a timed event's, else its field `name`, if that is a text.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        self.get("name")?.as_str()
    }

    /// One field, under the name it is sent by: `name`, `duration_ms`, `outcome`, `error`, `error.type` and `error.message`
    /// too, for a timed event. `None`: it has no such field.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<FieldValue<'a>> {
        if let Some(timed) = self.timed {
            if let Some(set) = automatic(timed, key, self.own.text) {
                return set;
            }
        }
        [self.own, self.scope].into_iter().find_map(|view| {
            let mut newest_first = view.fields.iter().rev();
            let field = newest_first.find(|field| field.key.of(view.text) == key)?;
            Some(FieldValue::of(field.value, view.text))
        })
    }

    /// Its fields but for those that honey sets: each key once, with the value that is sent.
    pub fn fields(&self) -> impl Iterator<Item = (&'a str, FieldValue<'a>)> {
        let Self { own, scope, .. } = *self;
        let is_last = |view: FieldsView<'a>, place: usize, key: &str| {
            let later = view.fields.get(place + 1..).unwrap_or_default();
            later.iter().all(|other| other.key.of(view.text) != key)
        };
        let of_scope = scope
            .fields
            .iter()
            .enumerate()
            .filter_map(move |(place, field)| {
                let key = field.key.of(scope.text);
                let is_overridden = own.fields.iter().any(|other| other.key.of(own.text) == key);
                (!is_overridden && is_last(scope, place, key))
                    .then(|| (key, FieldValue::of(field.value, scope.text)))
            });
        let of_its_own = own
            .fields
            .iter()
            .enumerate()
            .filter_map(move |(place, field)| {
                let key = field.key.of(own.text);
                is_last(own, place, key).then(|| (key, FieldValue::of(field.value, own.text)))
            });
        of_scope.chain(of_its_own)
    }

    /// Whether it ended with an error or a panic, or says `error: true` itself.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.get("error").and_then(FieldValue::as_bool) == Some(true)
    }

    /// How long a timed event took.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        self.timed
            .map(|timed| Duration::from_nanos(timed.duration_ns))
    }

    /// Whether it is the outermost event of its trace in this process.
    #[must_use]
    pub fn is_local_root(&self) -> bool {
        self.timed.is_some_and(|timed| timed.is_local_root)
    }

    /// How many events it stands for, by what was decided so far.
    #[must_use]
    pub fn sample_rate(&self) -> u32 {
        self.sample_rate
    }
}

impl fmt::Debug for SeenEvent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeenEvent")
            .field("name", &self.name())
            .field("duration", &self.duration())
            .field("sample_rate", &self.sample_rate())
            .finish_non_exhaustive()
    }
}

/// A field that honey sets. `Some(None)`: it would set it, but not on this event.
#[expect(clippy::option_option, reason = "whose name it is, and its value")]
fn automatic<'a>(timed: &Timed, key: &str, text: &'a str) -> Option<Option<FieldValue<'a>>> {
    const NS_PER_MS: f64 = 1_000_000.0;
    let failed = matches!(timed.ending, Ending::Error | Ending::Panic);
    let name = |name: KeyRef| FieldValue::Text(name.of(text));
    Some(match key {
        "name" => Some(name(timed.name)),
        #[expect(clippy::cast_precision_loss, reason = "2^53 ns are 104 days")]
        "duration_ms" => Some(FieldValue::F64(timed.duration_ns as f64 / NS_PER_MS)),
        "outcome" => Some(FieldValue::Text(timed.ending.as_str())),
        "error" => failed.then_some(FieldValue::Bool(true)),
        "error.type" => match (timed.ending, timed.error_type) {
            (Ending::Panic, None) => Some(FieldValue::Text("panic")),
            (_, kind) => kind.filter(|_| failed).map(FieldValue::Text),
        },
        "error.message" => {
            let message = timed.error_message.filter(|_| failed);
            message.map(|message| FieldValue::Text(message.of(text)))
        }
        _ => return None,
    })
}
