//! Conditions: which traces a rule is about.

use std::fmt;
use std::ops::Not;
use std::sync::Arc;
use std::time::Duration;

use super::Trace;
use crate::isolate;
use crate::seen::{FieldValue, SeenEvent};
use crate::value::{ToField, Value};

/// A user's test of a trace.
type TestFunction = Arc<dyn Fn(&Trace<'_>) -> bool + Send + Sync>;

/// Which traces a rule is about. Conditions are joined by [`and`](When::and), [`or`](When::or) and `!`.
///
/// ```
/// use std::time::Duration;
/// use honey::sampling::When;
///
/// let interesting = When::field("http.response.status_code")
///     .at_least(500)
///     .or(When::slower_than(Duration::from_secs(1)))
///     .and(!When::named("healthz"));
/// ```
#[derive(Clone)]
#[must_use = "a condition does nothing until it is given to `TailRules::rule`"]
pub struct When(Test);

#[derive(Clone)]
enum Test {
    Error,
    SlowerThan(Duration),
    Field(Scope, String, Is),
    Not(Box<Test>),
    Both(Box<Test>, Box<Test>),
    Either(Box<Test>, Box<Test>),
    Function(TestFunction),
}

#[derive(Debug, Clone, Copy)]
enum Scope {
    AnyEvent,
    Root,
}

#[derive(Debug, Clone)]
enum Is {
    There,
    Equal(Wanted),
    StartingWith(String),
    Containing(String),
    AtLeast(f64),
    AtMost(f64),
}

/// A value to compare with, kept.
#[derive(Debug, Clone)]
enum Wanted {
    Null,
    Bool(bool),
    Integer(i128),
    Float(f64),
    Text(String),
}

impl When {
    /// An event of the trace ended with an error or a panic, or says `error: true`.
    pub fn error() -> Self {
        Self(Test::Error)
    }

    /// The local root took longer; or has been open for longer, where the trace must be decided before it ends.
    pub fn slower_than(duration: Duration) -> Self {
        Self(Test::SlowerThan(duration))
    }

    /// An event of the trace has this name.
    pub fn named(name: impl Into<String>) -> Self {
        Self::field("name").is(name.into())
    }

    /// A field of any event of the trace, scope fields and the automatic ones (`name`, `duration_ms`, `error.type`, …) included: says
    /// what of it by [`is`](WhenField::is) and the other methods of [`WhenField`].
    ///
    /// ```
    /// use honey::sampling::When;
    ///
    /// let paid = When::field("order.total_usd").at_least(100);
    /// ```
    pub fn field(key: impl Into<String>) -> WhenField {
        WhenField {
            scope: Scope::AnyEvent,
            key: key.into(),
        }
    }

    /// The same of the local root alone.
    ///
    /// ```
    /// use honey::sampling::When;
    ///
    /// let is_gold = When::root_field("customer.tier").is("gold");
    /// ```
    pub fn root_field(key: impl Into<String>) -> WhenField {
        WhenField {
            scope: Scope::Root,
            key: key.into(),
        }
    }

    /// Whatever `function` says. It runs on honey's thread, which sends nothing meanwhile; events made inside are not recorded. When
    /// it panics, the condition does not hold.
    ///
    /// ```
    /// use honey::sampling::When;
    ///
    /// let is_large = When::test(|trace| trace.len() > 100);
    /// ```
    pub fn test(function: impl Fn(&Trace<'_>) -> bool + Send + Sync + 'static) -> Self {
        Self(Test::Function(Arc::new(function)))
    }

    /// Both hold; of two fields, not necessarily on one event.
    pub fn and(self, other: Self) -> Self {
        Self(Test::Both(Box::new(self.0), Box::new(other.0)))
    }

    /// One of them holds, or both.
    pub fn or(self, other: Self) -> Self {
        Self(Test::Either(Box::new(self.0), Box::new(other.0)))
    }

    /// Whether it holds; counts the panics of functions.
    pub(super) fn holds(&self, trace: &Trace<'_>, panics: &mut u64) -> bool {
        self.0.holds(trace, panics)
    }
}

impl Not for When {
    type Output = Self;

    fn not(self) -> Self {
        Self(Test::Not(Box::new(self.0)))
    }
}

/// A field that a condition is about; see [`When::field`].
///
/// ```
/// use honey::sampling::{Rate, TailRules, When};
///
/// let rules = TailRules::new()
///     .rule(When::field("http.route").starts_with("/internal/"), Rate::none())
///     .rule(When::field("db.response.returned_rows").at_least(10_000), 1)
///     .rule(When::root_field("user.id").exists(), 5)
///     .otherwise(50);
/// ```
#[derive(Debug, Clone)]
#[must_use = "say what of the field: `.is(…)`, `.exists()`, `.at_least(…)`"]
pub struct WhenField {
    scope: Scope,
    key: String,
}

impl WhenField {
    fn when(self, is: Is) -> When {
        When(Test::Field(self.scope, self.key, is))
    }

    /// It has a value, `null` included.
    pub fn exists(self) -> When {
        self.when(Is::There)
    }

    /// It has this value. Numbers are equal by value, whatever their type; a text is never equal to a number.
    ///
    /// ```
    /// use honey::sampling::When;
    ///
    /// let not_found = When::field("http.response.status_code").is(404);
    /// let health = When::field("http.route").is("/healthz");
    /// ```
    pub fn is(self, value: impl ToField) -> When {
        let wanted = Wanted::of(value.to_field());
        self.when(Is::Equal(wanted))
    }

    /// It is a text that starts so.
    pub fn starts_with(self, text: impl Into<String>) -> When {
        self.when(Is::StartingWith(text.into()))
    }

    /// It is a text with this in it.
    pub fn contains(self, text: impl Into<String>) -> When {
        self.when(Is::Containing(text.into()))
    }

    /// It is a number, this or larger. Something else than a number in `number` never holds.
    pub fn at_least(self, number: impl ToField) -> When {
        let number = Wanted::of(number.to_field()).number();
        self.when(Is::AtLeast(number))
    }

    /// It is a number, this or smaller.
    pub fn at_most(self, number: impl ToField) -> When {
        let number = Wanted::of(number.to_field()).number();
        self.when(Is::AtMost(number))
    }
}

impl Test {
    fn holds(&self, trace: &Trace<'_>, panics: &mut u64) -> bool {
        match self {
            Self::Error => trace.is_error(),
            Self::SlowerThan(duration) => trace.duration() > *duration,
            Self::Field(scope, key, is) => {
                let fits =
                    |event: SeenEvent<'_>| event.get(key).is_some_and(|value| is.fits(value));
                match scope {
                    Scope::AnyEvent => trace.events().any(fits),
                    Scope::Root => trace.root().is_some_and(fits),
                }
            }
            Self::Not(test) => !test.holds(trace, panics),
            Self::Both(one, two) => one.holds(trace, panics) && two.holds(trace, panics),
            Self::Either(one, two) => one.holds(trace, panics) || two.holds(trace, panics),
            Self::Function(function) => isolate::run(|| function(trace)).unwrap_or_else(|| {
                *panics += 1;
                false
            }),
        }
    }
}

impl Is {
    fn fits(&self, value: FieldValue<'_>) -> bool {
        match self {
            Self::There => true,
            Self::Equal(wanted) => wanted.equals(value),
            Self::StartingWith(start) => value
                .as_str()
                .is_some_and(|text| text.starts_with(start.as_str())),
            Self::Containing(part) => value
                .as_str()
                .is_some_and(|text| text.contains(part.as_str())),
            Self::AtLeast(least) => value.as_f64().is_some_and(|number| number >= *least),
            Self::AtMost(most) => value.as_f64().is_some_and(|number| number <= *most),
        }
    }
}

impl Wanted {
    fn of(value: Value<'_>) -> Self {
        match value {
            Value::None | Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(value),
            Value::I64(value) => Self::Integer(value.into()),
            Value::U64(value) => Self::Integer(value.into()),
            Value::I128(value) => Self::Integer(value),
            Value::U128(value) => {
                i128::try_from(value).map_or_else(|_| Self::Text(value.to_string()), Self::Integer)
            }
            Value::F32(value) => Self::Float(value.into()),
            Value::F64(value) => Self::Float(value),
            Value::Str(text) => Self::Text(text.to_owned()),
            Value::Display(value) => Self::Text(value.to_string()),
            Value::Debug(value) => Self::Text(format!("{value:?}")),
            Value::Path(path) => Self::Text(path.to_string_lossy().into_owned()),
            Value::Json(_) => Self::Text(String::new()),
        }
    }

    fn equals(&self, value: FieldValue<'_>) -> bool {
        match (self, value) {
            (Self::Null, FieldValue::Null) => true,
            (Self::Bool(wanted), FieldValue::Bool(value)) => *wanted == value,
            (Self::Integer(wanted), FieldValue::I64(value)) => *wanted == i128::from(value),
            (Self::Integer(wanted), FieldValue::U64(value)) => *wanted == i128::from(value),
            (Self::Text(wanted), FieldValue::Text(value) | FieldValue::Json(value)) => {
                wanted == value
            }
            (Self::Integer(_) | Self::Float(_), value) =>
            {
                #[expect(clippy::float_cmp, reason = "what was asked for")]
                value.as_f64().is_some_and(|value| value == self.number())
            }
            _ => false,
        }
    }

    /// NaN, which nothing is equal to, above or below, when it is no number.
    #[expect(clippy::cast_precision_loss, reason = "compared with floats")]
    fn number(&self) -> f64 {
        match self {
            Self::Integer(number) => *number as f64,
            Self::Float(number) => *number,
            _ => f64::NAN,
        }
    }
}

impl fmt::Debug for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error => f.write_str("error"),
            Self::SlowerThan(duration) => write!(f, "slower than {duration:?}"),
            Self::Field(scope, key, is) => write!(f, "{scope:?} {key:?} {is:?}"),
            Self::Not(test) => write!(f, "not ({test:?})"),
            Self::Both(one, two) => write!(f, "({one:?} and {two:?})"),
            Self::Either(one, two) => write!(f, "({one:?} or {two:?})"),
            Self::Function(_) => f.write_str("a function"),
        }
    }
}
