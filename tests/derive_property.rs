//! Random structs through the derive record what a plain model says.
//!
//! The structs are written as one crate, compiled once. `HONEY_SEED=n` chooses others.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::{Map, Value, json};

const STRUCTS: usize = 120;
const MOST_FIELDS: u64 = 7;
const WORDS: [&str; 6] = ["id", "total", "user", "r#type", "http", "x"];
const CASES: [&str; 5] = [
    "snake_case",
    "camelCase",
    "PascalCase",
    "SCREAMING_SNAKE_CASE",
    "kebab-case",
];

/// A small generator, so that a seed always means the same structs.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

/// What is known of a struct: how to write a value of it, and what that value records.
struct Made {
    value: String,
    records: Map<String, Value>,
}

/// A field's type, a value of it, its attribute, what goes behind its name, and what it records.
type Kind = (
    &'static str,
    String,
    &'static str,
    &'static str,
    Option<Value>,
);

fn kind(dice: &mut Dice) -> Kind {
    let n = dice.below(1_000);
    let float = f64::from(u32::try_from(n).unwrap());
    let text = format!("text {n}\" é");
    let some = dice.one_in(2);
    let optional = if some {
        format!("Some({n})")
    } else {
        "None".to_owned()
    };
    let owned = format!("{text:?}.to_owned()");
    match dice.below(15) {
        0 => ("u32", n.to_string(), "", "", Some(json!(n))),
        1 => (
            "i64",
            format!("-{n}"),
            "",
            "",
            Some(json!(-i64::try_from(n).unwrap())),
        ),
        2 => ("f64", format!("{n}.5"), "", "", Some(json!(float + 0.5))),
        3 => ("bool", some.to_string(), "", "", Some(json!(some))),
        4 => ("String", owned, "", "", Some(json!(text))),
        5 => ("Option<u64>", optional, "", "", some.then(|| json!(n))),
        6 => (
            "Option<u64>",
            optional,
            "null",
            "",
            Some(if some { json!(n) } else { Value::Null }),
        ),
        7 => ("String", owned, "len", "", Some(json!(text.len()))),
        8 => ("String", owned, "redact", "", Some(json!("[redacted]"))),
        9 => ("String", owned, "skip", "", None),
        10 => (
            "Option<u64>",
            optional,
            "display",
            "",
            some.then(|| json!(n.to_string())),
        ),
        11 => (
            "Vec<u64>",
            format!("vec![{n}]"),
            "debug",
            "",
            Some(json!(format!("[{n}]"))),
        ),
        12 => (
            "Vec<u64>",
            format!("vec![{n}]"),
            "json",
            "",
            Some(json!([n])),
        ),
        13 => (
            "std::time::Duration",
            format!("std::time::Duration::from_millis({n})"),
            "unit = ms",
            "_ms",
            Some(json!(float)),
        ),
        _ => (
            "u64",
            (n % 2).to_string(),
            "skip_if = is_zero",
            "",
            (n % 2 == 1).then(|| json!(1)),
        ),
    }
}

/// The model of `rename_all` for names in `snake_case`.
fn cased(case: Option<&str>, name: &str) -> String {
    let capitalized = |part: &str| part[..1].to_uppercase() + &part[1..];
    let parts: Vec<&str> = name.split('_').collect();
    match case {
        Some("camelCase") => {
            parts[0].to_owned()
                + &parts[1..]
                    .iter()
                    .map(|part| capitalized(part))
                    .collect::<String>()
        }
        Some("PascalCase") => parts.iter().map(|part| capitalized(part)).collect(),
        Some("SCREAMING_SNAKE_CASE") => name.to_uppercase(),
        Some("kebab-case") => parts.join("-"),
        _ => name.to_owned(),
    }
}

fn make(number: usize, dice: &mut Dice, earlier: &[Made], source: &mut String) -> Made {
    let prefix = if dice.one_in(2) {
        format!("p{number}.")
    } else {
        String::new()
    };
    let case = dice.one_in(2).then(|| dice.pick(&CASES));
    let mut container = Vec::new();
    if !prefix.is_empty() {
        container.push(format!("prefix = {prefix:?}"));
    }
    if let Some(case) = case {
        container.push(format!("rename_all = {case:?}"));
    }
    writeln!(
        source,
        "#[derive(honey::HoneyFields)]\n#[honey({})]",
        container.join(", ")
    )
    .unwrap();
    writeln!(source, "struct S{number} {{").unwrap();
    let mut value = format!("S{number} {{ ");
    let mut records = Map::new();
    for index in 0..=dice.below(MOST_FIELDS) {
        let word = dice.pick(&WORDS);
        // A raw identifier is recorded without its `r#`, whatever follows.
        let field = if index == 0 {
            word.to_owned()
        } else {
            format!("{}_n{index}", word.trim_start_matches("r#"))
        };
        let name = field.trim_start_matches("r#").to_owned();
        if dice.one_in(6) && !earlier.is_empty() {
            let inner = usize::try_from(dice.below(earlier.len() as u64)).unwrap();
            let own = format!("f{index}.");
            writeln!(
                source,
                "    #[honey(flatten, prefix = {own:?})]\n    {field}: S{inner},"
            )
            .unwrap();
            write!(value, "{field}: {}, ", earlier[inner].value).unwrap();
            for (key, recorded) in &earlier[inner].records {
                records.insert(format!("{prefix}{own}{key}"), recorded.clone());
            }
            continue;
        }
        let (ty, literal, attribute, suffix, recorded) = kind(dice);
        let renamed = attribute != "skip" && dice.one_in(5);
        let mut attributes: Vec<String> = Some(attribute.to_owned())
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect();
        let mut key = cased(case, &name) + suffix;
        if renamed {
            key = format!("renamed-{index}");
            attributes.push(format!("rename = {key:?}"));
        }
        if !attributes.is_empty() {
            writeln!(source, "    #[honey({})]", attributes.join(", ")).unwrap();
        }
        writeln!(source, "    {field}: {ty},").unwrap();
        write!(value, "{field}: {literal}, ").unwrap();
        if let Some(recorded) = recorded {
            records.insert(prefix.clone() + &key, recorded);
        }
    }
    source.push_str("}\n");
    value.push('}');
    Made { value, records }
}

#[test]
fn random_structs_record_what_the_model_says() {
    let seed = env::var("HONEY_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or(20_261_122);
    let mut dice = Dice(seed);
    let mut source =
        String::from("#![allow(dead_code)]\nfn is_zero(n: &u64) -> bool { *n == 0 }\n");
    let mut made = Vec::new();
    for number in 0..STRUCTS {
        let one = make(number, &mut dice, &made, &mut source);
        made.push(one);
    }
    source.push_str(
        "fn show(fields: &impl honey::HoneyFields) {\n    let captured = honey::testing::capture(|| {\n        \
         let mut event = honey::Event::new();\n        event.add_field(\"at_least_one\", 1);\n        event.add(fields);\n        \
         event.send();\n    });\n    println!(\"{}\", serde_json::to_string(captured.events()[0].data()).unwrap());\n}\n\
         fn main() {\n",
    );
    for one in &made {
        writeln!(source, "    show(&{});", one.value).unwrap();
    }
    source.push_str("}\n");

    let printed = run(&source);
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(lines.len(), STRUCTS);
    for (number, (line, one)) in lines.iter().zip(&made).enumerate() {
        let mut recorded: Map<String, Value> = serde_json::from_str(line).unwrap();
        recorded.remove("at_least_one");
        assert_eq!(
            recorded, one.records,
            "S{number} of seed {seed}: {}",
            one.value
        );
    }
}

/// Compiles and runs the program, and gives what it printed.
fn run(source: &str) -> String {
    let honey = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("derive-property");
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(folder.join("src/main.rs"), source).unwrap();
    fs::copy(honey.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let manifest = format!(
        "[package]\nname = \"derive-property\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[dependencies]\n\
         honey-runtime = {{ path = \"{}\", default-features = false, features = [\"testing\"] }}\nserde_json = \"1\"\n[workspace]\n",
        honey.join("honey-runtime").display()
    );
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}
