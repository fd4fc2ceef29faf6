//! The macros of honey: [`macro@event`], [`macro@HoneyFields`], [`macro@HoneyValue`] and
//! [`macro@dynamic_field`].
//!
//! Use them through the runtime crate, as `honey::event` and so on: what they expand to calls into it, and only into the very
//! version that it was made for.
//!
//! Each macro is a folder of the same steps: `args` reads what was written, `check` holds it against the rules, `plan` decides
//! everything, `emit` writes tokens and cannot fail. All mistakes are reported at once, each at the smallest token that is
//! wrong, and the user's item is emitted all the same, so that no second error follows from the first.
#![forbid(unsafe_code)]

mod crate_path;
mod diagnostics;
mod duration;
mod dynamic_field;
mod event;
mod field_name;
mod fields;
mod hygiene;
mod item;
mod list;
mod setting;
mod suggest;
#[cfg(test)]
mod tests;
mod value;

use proc_macro::TokenStream;

/// Makes each call of a function one wide event: timed, with the outcome, in a trace, with the fields that you name.
///
/// It works on functions and methods, `async` or not, and on functions that return futures (`impl Future`,
/// `Pin<Box<dyn Future>>`, `BoxFuture`); these are timed until the future is done, not until it is made. In a trait it belongs
/// on the `impl`'s methods and on default bodies.
///
/// # What is recorded
/// `name`, `duration_ms`, `outcome`, and the trace's ids. **Of arguments and of the returned value only what you name**, so that
/// nothing leaks because it was passed.
///
/// `outcome` is `ok`; `error` after an `Err`, with `error` set to `true` and the type of the error in `error.type`, but its text
/// only when `err` asks for it; `panic`; or `cancelled`, when a future is dropped before it is done. A future that was never
/// polled is no event.
///
/// # Options
/// | option | meaning |
/// |---|---|
/// | `name = "checkout"` or `name = PATH` | the event's name; otherwise the function's |
/// | `fields(..)` | the fields, evaluated once at entry, in order, and only when the event is recorded |
/// | – `user`, `%user`, `?user` | an argument: as a value, by `Display`, by `Debug` |
/// | – `key = expr`, `key.sub = %expr`, `"any-key" = ?expr`, `{CONST} = expr` | an expression; it may use the arguments and `self` |
/// | – `..expr` | all fields of something that is `HoneyFields` |
/// | `prefix = "pay."` | goes before every name in `fields`, `ret`, `ok` and `err` |
/// | `ret`, `ret(key = \|value\| expr)` | the returned value in `return`, or fields from a reference to it |
/// | `ok(key = \|value\| expr)` | fields from what is inside an `Ok` |
/// | `err`, `err(debug)`, `err(with = path)` | the error's text in `error.message`: by `Display`, by `Debug`, by a function |
/// | `err(key = \|error\| expr)` | fields from what is inside an `Err` |
/// | `outcome = false` | do not look at the returned value; `true`: look at it although its type is not called `…Result` |
/// | `bind = event` | a handle of the event, under this name in the body |
/// | `root` | begins a new trace |
/// | `parent = expr` | stands below this event, not below the current one: a handle, or what headers name (`propagation::extract`) |
/// | `sample = expr` | keeps 1 in this many (`u32`) |
/// | `dataset = expr` | sends to this dataset |
/// | `when = expr` | evaluated first; when `false`, there is no event |
/// | `min_duration = "5ms"` | an ok event that took less is left out, and counted as discarded |
/// | `rollup` | no event: `NAME.count`, `NAME.total_ms`, `NAME.max_ms`, `NAME.errors` of the event around it |
/// | `async_stats` | `poll_count` and `busy_ms` of the future |
/// | `boxed` | puts the inner future on the heap: one allocation, and a smaller future outside |
/// | `future` | the returned type is a boxed future by another name: time the future |
/// | `sync` | the function returns a future: time only how long it takes to make it |
/// | `crate = path` | where honey is, if not at `::honey` |
///
/// Each may stand once; `fields`, `ret`, `ok` and `err` add up. The closures see their parameter, but no arguments: by then
/// these have moved into the body.
///
/// # Cost
/// While no client is live: one relaxed load; no clock is read and no field evaluated. The body is not rewritten. A function
/// whose `Result` is looked at runs its body in a closure, so there `#[track_caller]` would name the wrong place: functions that
/// have it are not looked into. An async function's future grows by the wrapper around it.
#[proc_macro_attribute]
pub fn event(args: TokenStream, item: TokenStream) -> TokenStream {
    event::expand(args.into(), item.into()).into()
}

/// Makes a type a set of fields, for `fields(..value)` and for the `add` of events and scopes.
///
/// Each field of the type is recorded under its own name, as a value; an `Option` that is `None` is left out. For structs of
/// every kind, and for enums that say how.
///
/// # On the type: `#[honey(..)]`
/// | attribute | meaning |
/// |---|---|
/// | `prefix = "order."` | goes before every name, flattened ones included, after renaming |
/// | `rename_all = "camelCase"` | how the fields of a struct, or an enum's variants, are written: serde's eight rules |
/// | `rename_all_fields = ".."` | how the fields of an enum's variants are written |
/// | `tag = "kind"` | of an enum: the variant's name goes into this field |
/// | `untagged` | of an enum: only the variant's fields |
/// | `explicit` | every field must say something (`record`, `skip`, `redact`, ..): nothing is recorded by oversight |
/// | `allow_reserved` | lets names be used that timed events set themselves (`duration_ms` and its like) |
/// | `bound = "T: ToField"` | the bounds of the `impl`, instead of the inferred ones |
/// | `crate = path` | where honey is, if not at `::honey` |
///
/// A variant takes `rename` and `rename_all`.
///
/// # On a field: `#[honey(..)]`
/// | attribute | meaning |
/// |---|---|
/// | `rename = "total_usd"` | its name; fields of tuples need one |
/// | `skip` | not recorded |
/// | `skip_if = path` | not recorded when `path(&field)` is `true` |
/// | `flatten`, `prefix = "ship."` | its own fields, perhaps behind a prefix |
/// | `display`, `debug` | its text, by this trait |
/// | `with = path` | what `path(&field)` returns |
/// | `len` | how long it is: `.len()` |
/// | `json` | its JSON, by `Serialize`, in one field |
/// | `unit = ms` | a `Duration` in `ns`, `us`, `ms` or `s`, or a number of `bytes`; the unit goes behind the name |
/// | `redact`, `redact = hash`, `redact = len` | `"[redacted]"`, a keyed hash of its text, or its length, instead of the value |
/// | `null` | a `None` is recorded as `null`, instead of being left out |
/// | `record` | nothing more: the decision that `explicit` asks for |
///
/// # Cost
/// Values go straight from the struct into the event's buffer; nothing is allocated, no map is built.
#[proc_macro_derive(HoneyFields, attributes(honey))]
pub fn honey_fields(input: TokenStream) -> TokenStream {
    fields::expand(input.into()).into()
}

/// Makes a type one value: an enum without data becomes its variant's name, a struct with one field becomes that field.
///
/// What it implements is `ToField`, so that the type can stand wherever a number or a text can: in `fields(..)`, in `add_field`, as
/// a field of a `HoneyFields` struct. `PhantomData` does not count as a field.
///
/// | attribute | on | meaning |
/// |---|---|---|
/// | `rename_all = "snake_case"` | the enum | how its variants are written: serde's eight rules |
/// | `rename = "cod"` | a variant | its text |
/// | `display`, `debug`, `json` | the struct's field | its text, by this trait |
/// | `bound = "T: ToField"` | the type | the bounds of the `impl`, instead of the inferred ones |
/// | `crate = path` | the type | where honey is, if not at `::honey` |
///
/// # Cost
/// None of its own: the text is in the program, or the field's own.
#[proc_macro_derive(HoneyValue, attributes(honey))]
pub fn honey_value(input: TokenStream) -> TokenStream {
    value::expand(input.into()).into()
}

/// Registers a function whose value goes into every event, evaluated when the event begins.
///
/// It is for free functions without parameters that return a value, an `Option` or a `Result` of one: `None` and `Err` leave the
/// field out. The function itself stays as it is.
///
/// | option | meaning |
/// |---|---|
/// | `name = "process.threads"` | the field's name; otherwise the function's |
/// | `fields` | it returns several fields: something that is `HoneyFields` |
/// | `every = "1s"` | its value is kept for this long |
/// | `once` | it is called once, at `init` |
/// | `crate = path` | where honey is, if not at `::honey` |
///
/// Registration costs nothing at run time. But a dependency that nothing mentions is not linked, and its dynamic fields with
/// it: write `use that_crate as _;`, and look at `honey::dynamic_fields()` to be sure.
///
/// # Cost
/// The function runs on the caller's thread, once for each recorded event: keep it to nanoseconds, let it read what
/// something else keeps up to date, or say `every` or `once`. A panic in it is caught and counted.
#[proc_macro_attribute]
pub fn dynamic_field(args: TokenStream, item: TokenStream) -> TokenStream {
    dynamic_field::expand(args.into(), item.into()).into()
}
