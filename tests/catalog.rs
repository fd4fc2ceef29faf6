//! The feature `catalog`: every annotated function is listed, whether it was ever called or not.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(
    clippy::unused_self,
    clippy::needless_pass_by_value,
    clippy::extra_unused_type_parameters,
    clippy::too_many_arguments,
    reason = "annotated functions as people write them"
)]
#![expect(dead_code, reason = "what is never called is listed too")]

use std::future::Future;

use honey::{CatalogEntry, HoneyFields};

/// Takes the money.
///
/// And more.
#[honey::event(name = "pay", prefix = "pay.", fields(amount, user.id = amount + 1, {KEY} = 1, ..order), ret, ret(twice = |r| r * 2))]
fn charge(amount: u64, order: &Order) -> u64 {
    amount + order.id
}

const KEY: &str = "constant";

#[derive(HoneyFields)]
struct Order {
    id: u64,
}

#[honey::event(ok(rows = |rows| rows.len()), err(code = |error| error.len()), err)]
fn query() -> Result<Vec<u32>, String> {
    Ok(Vec::new())
}

/// Looks it up.
#[honey::event(rollup)]
fn look_up(key: u32) -> u32 {
    key
}

#[honey::event(rollup, name = NAMED)]
fn look_up_elsewhere() {}

const NAMED: &str = "elsewhere";

#[honey::event(fields(n))]
async fn later(n: u32) {}

#[honey::event(fields(n))]
fn returns_future(n: u32) -> impl Future<Output = u32> {
    async move { n }
}

struct Service;

impl Service {
    /// A method.
    #[honey::event(fields(by))]
    fn method(&mut self, by: u32) {}
}

trait Job {
    #[honey::event]
    fn default_body(&self) {}
}

#[honey::event(fields(?value))]
fn generic<T: std::fmt::Debug, const N: usize>(value: [T; N]) -> usize {
    N
}

#[honey::event(when = false)]
fn switched_off() {}

#[cfg(any())]
#[honey::event]
fn not_compiled() {}

mod below {
    #[honey::event]
    fn in_a_module() {}

    fn around<T>() {
        #[honey::event]
        fn in_a_body() {}
    }
}

mod types {
    use super::Order;

    #[honey::event(fields(
        integer, float, flag, text, boxed, path, port, tenant, %shown, ?debugged,
        literal = 1.5, negative = -1, cast = text.len() as u64, length = text.len(), called = *integer + 1, ..order
    ), ret(is_empty = |r| r.is_empty()))]
    fn typed<'a>(
        integer: &mut u8,
        float: f32,
        flag: bool,
        text: &'a str,
        boxed: Option<Box<str>>,
        path: &std::path::Path,
        port: std::num::NonZeroU16,
        tenant: super::Tenant,
        shown: u64,
        debugged: [u8; 2],
        order: &Order,
    ) -> &'a str {
        text
    }
}

#[derive(honey::HoneyValue)]
struct Tenant(u32);

macro_rules! make {
    ($($name:ident($field:ident)),*) => { $(#[honey::event(fields($field))] fn $name($field: u32) {})* };
}

make!(zweite(b), erste(a));

fn find(name: &str) -> &'static CatalogEntry {
    let mut found = honey::catalog()
        .into_iter()
        .filter(|entry| entry.name() == name);
    let entry = found.next().unwrap();
    assert!(found.next().is_none(), "{name} stands there twice");
    entry
}

#[track_caller]
fn assert_lists(name: &str, fields: &[&str], doc: &str) {
    let entry = find(name);
    assert_eq!((entry.fields(), entry.doc()), (fields, doc), "{name}");
}

#[test]
fn every_kind_of_function_is_listed_with_its_fields_and_doc() {
    assert_lists(
        "pay",
        &[
            "pay.amount",
            "pay.user.id",
            "pay.{KEY}",
            "pay...order",
            "pay.return",
            "pay.twice",
        ],
        "Takes the money.",
    );
    assert_lists("query", &["rows", "code"], "");
    assert_lists(
        "look_up",
        &[
            "look_up.count",
            "look_up.total_ms",
            "look_up.max_ms",
            "look_up.errors",
        ],
        "Looks it up.",
    );
    assert_lists(
        NAMED,
        &[
            "{NAMED}.count",
            "{NAMED}.total_ms",
            "{NAMED}.max_ms",
            "{NAMED}.errors",
        ],
        "",
    );
    assert_lists("later", &["n"], "");
    assert_lists("returns_future", &["n"], "");
    assert_lists("method", &["by"], "A method.");
    assert_lists("default_body", &[], "");
    assert_lists("generic", &["value"], "");
    assert_lists("switched_off", &[], "");
    assert_lists("in_a_module", &[], "");
    assert_lists("in_a_body", &[], "");
    assert_lists("zweite", &["b"], "");
    assert_lists("erste", &["a"], "");
}

#[test]
fn what_is_not_compiled_or_not_annotated_is_not_listed() {
    let names: Vec<&str> = honey::catalog().iter().map(|entry| entry.name()).collect();
    assert_eq!(names.len(), 15, "{names:?}");
}

#[test]
fn each_says_where_it_stands() {
    let lines: Vec<&str> = include_str!("catalog.rs").lines().collect();
    for entry in honey::catalog() {
        let (file, line) = entry.location();
        assert_eq!(file, "tests/catalog.rs");
        let module = match entry.name() {
            "in_a_module" | "in_a_body" => "catalog::below",
            "typed" => "catalog::types",
            _ => "catalog",
        };
        assert_eq!(entry.module(), module);
        let at = lines[line as usize - 1];
        assert!(
            at.contains("#[honey::event") || at.starts_with("make!("),
            "{at}"
        );
    }
    let (_, line) = find("method").location();
    assert!(lines[line as usize].contains("fn method"));
}

#[test]
fn they_stand_in_the_order_of_the_source() {
    let names: Vec<&str> = honey::catalog().iter().map(|entry| entry.name()).collect();
    let expected = [
        "pay",
        "query",
        "look_up",
        NAMED,
        "later",
        "returns_future",
        "method",
        "default_body",
        "generic",
        "switched_off",
        "erste",
        "zweite",
        "in_a_module",
        "in_a_body",
        "typed",
    ];
    assert_eq!(names, expected);
    let again: Vec<&str> = honey::catalog().iter().map(|entry| entry.name()).collect();
    assert_eq!(names, again);
}

#[test]
fn types_are_known_as_far_as_the_source_tells() {
    let entry = find("typed");
    let known: Vec<(&str, &str)> = entry
        .fields()
        .iter()
        .copied()
        .zip(entry.types().iter().copied())
        .collect();
    assert_eq!(
        known,
        [
            ("integer", "integer"),
            ("float", "number"),
            ("flag", "boolean"),
            ("text", "string"),
            ("boxed", "string"),
            ("path", "string"),
            ("port", "integer"),
            ("tenant", "Tenant"),
            ("shown", "string"),
            ("debugged", "string"),
            ("literal", "number"),
            ("negative", "integer"),
            ("cast", "integer"),
            ("length", "integer"),
            ("called", ""),
            ("..order", "Order"),
            ("is_empty", "boolean"),
        ]
    );
    assert_eq!(
        find("look_up").types(),
        ["integer", "number", "number", "integer"]
    );
    for entry in honey::catalog() {
        assert_eq!(entry.fields().len(), entry.types().len());
    }
}

#[test]
fn the_dictionary_is_the_same_each_time_and_names_every_event() {
    let (catalog, again) = (honey::catalog(), honey::catalog());
    assert_eq!(catalog.to_string(), again.to_string());
    assert_eq!(catalog.to_json(), again.to_json());
    let json: serde_json::Value = serde_json::from_str(&catalog.to_json()).unwrap();
    assert_eq!(serde_json::to_value(&catalog).unwrap(), json);
    for (entry, described) in catalog.iter().zip(json["events"].as_array().unwrap()) {
        assert_eq!(described["name"], entry.name());
        assert!(
            catalog
                .to_string()
                .contains(&format!("## `{}`", entry.name()))
        );
    }
    let pay = &json["events"][0];
    assert_eq!(pay["doc"], "Takes the money.");
    assert_eq!(
        pay["fields"][0],
        serde_json::json!({ "name": "pay.amount", "type": "integer" })
    );
    assert_eq!(
        pay["fields"][1].get("type"),
        None,
        "what the source does not tell is left out"
    );
}
