//! A program's data dictionary: its events and their fields, as Markdown and as JSON. Not part of the public interface: `honey::catalog()`
//! makes one of the program, `honey-local catalog` reads one that was written.

use std::fmt::{self, Display, Formatter};

use serde_json::{Map, Value as Json, json};

/// What events there are, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dictionary {
    /// One for each annotated function.
    pub events: Vec<Described>,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// The module of its function.
    pub module: String,
    /// The file of its function.
    pub file: String,
    /// The line of its annotation.
    pub line: u64,
    /// The first line of its documentation, Markdown as rustdoc takes it; empty without one.
    pub doc: String,
    /// Its fields, as the annotation names them.
    pub fields: Vec<DescribedField>,
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedField {
    /// Its name.
    pub name: String,
    /// What it is; empty where that is not known.
    pub of_type: String,
}

/// What honey sets itself: name, type, when.
const AUTOMATIC: [(&str, &str, &str); 10] = [
    ("name", "string", "always"),
    ("duration_ms", "number", "always"),
    ("outcome", "string", "always: ok, error, panic or cancelled"),
    ("error", "boolean", "after an error or a panic"),
    ("error.type", "string", "after an error or a panic"),
    ("error.message", "string", "after an error, with `err`"),
    ("trace.trace_id", "string", "always"),
    ("trace.span_id", "string", "always"),
    ("trace.parent_id", "string", "but on the root of a trace"),
    ("meta.signal_type", "string", "always: trace"),
];

impl Dictionary {
    /// As JSON.
    #[must_use]
    pub fn json(&self) -> Json {
        let field = |field: &DescribedField| {
            let mut object = Map::new();
            object.insert("name".into(), field.name.as_str().into());
            if !field.of_type.is_empty() {
                object.insert("type".into(), field.of_type.as_str().into());
            }
            Json::Object(object)
        };
        let events = self.events.iter().map(|event| {
            json!({
                "name": event.name,
                "module": event.module,
                "file": event.file,
                "line": event.line,
                "doc": event.doc,
                "fields": event.fields.iter().map(field).collect::<Vec<_>>(),
            })
        });
        json!({ "events": events.collect::<Vec<_>>() })
    }

    /// As indented text of JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        format!("{:#}", self.json())
    }

    /// Reads what [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// It is no JSON, or another; the text says where.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let json: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let events = json.get("events").and_then(Json::as_array);
        let events = events.ok_or("there is no list `events` in it")?;
        let events = events.iter().enumerate().map(|(place, event)| {
            Described::from_json(event)
                .map_err(|missing| format!("events[{place}] has no `{missing}`"))
        });
        Ok(Self {
            events: events.collect::<Result<_, _>>()?,
        })
    }
}

impl Described {
    fn from_json(event: &Json) -> Result<Self, &'static str> {
        let text = |key: &'static str| {
            let text = event.get(key).and_then(Json::as_str);
            text.map(str::to_owned).ok_or(key)
        };
        let fields = event
            .get("fields")
            .and_then(Json::as_array)
            .ok_or("fields")?;
        let field = |field: &Json| {
            let text = |key| field.get(key).and_then(Json::as_str).map(str::to_owned);
            Ok(DescribedField {
                name: text("name").ok_or("fields[].name")?,
                of_type: text("type").unwrap_or_default(),
            })
        };
        Ok(Self {
            name: text("name")?,
            module: text("module")?,
            file: text("file")?,
            line: event.get("line").and_then(Json::as_u64).ok_or("line")?,
            doc: text("doc")?,
            fields: fields.iter().map(field).collect::<Result<_, &str>>()?,
        })
    }
}

/// As Markdown.
impl Display for Dictionary {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "# Data dictionary")?;
        for event in &self.events {
            write!(f, "\n{event}")?;
        }
        writeln!(f, "\n## On every event\n")?;
        writeln!(f, "| field | type | when |")?;
        writeln!(f, "|---|---|---|")?;
        for (name, of_type, when) in AUTOMATIC {
            writeln!(f, "| `{name}` | {of_type} | {when} |")?;
        }
        Ok(())
    }
}

impl Display for Described {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "## {}\n", Code(&self.name))?;
        if !self.doc.is_empty() {
            writeln!(f, "{}\n", Paragraph(&self.doc))?;
        }
        let (module, file) = (Code(&self.module), Code(&self.file));
        writeln!(f, "In {module}, {file}, line {}.", self.line)?;
        if self.fields.is_empty() {
            return Ok(());
        }
        writeln!(f, "\n| field | type |\n|---|---|")?;
        for field in &self.fields {
            writeln!(f, "| {} | {} |", Cell(&field.name), Plain(&field.of_type))?;
        }
        Ok(())
    }
}

/// Text as code in a table, where a bar would end the cell; elsewhere the backslash would be seen.
struct Cell<'a>(&'a str);

impl Display for Cell<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Code(&self.0.replace('|', "\\|")).fmt(f)
    }
}

/// Text as code, whatever is in it.
struct Code<'a>(&'a str);

impl Display for Code<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = self.0.replace(['\n', '\r'], " ");
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest + 1);
        // A backtick at the edge would lengthen the fence.
        let pad = if longest > 0 { " " } else { "" };
        write!(f, "{fence}{pad}{text}{pad}{fence}")
    }
}

/// A line of documentation: Markdown already, but neither a heading nor HTML.
struct Paragraph<'a>(&'a str);

impl Display for Paragraph<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let is_structure = self.0.starts_with(['#', '>', '|', '=', '-', '+', '*']);
        f.write_str(if is_structure { "\\" } else { "" })?;
        let parts: Vec<_> = self.0.split('`').collect();
        for (place, part) in parts.iter().enumerate() {
            if place > 0 {
                f.write_str("`")?;
            }
            // In code it is itself. A last backtick that nothing closes begins none.
            if place % 2 == 1 && place + 1 < parts.len() {
                f.write_str(part)?;
            } else {
                f.write_str(&part.replace('<', "&lt;"))?;
            }
        }
        Ok(())
    }
}

/// A word that is none of Markdown's.
struct Plain<'a>(&'a str);

impl Display for Plain<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            if c.is_ascii_punctuation() {
                write!(f, "\\")?;
            }
            write!(f, "{c}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary() -> Dictionary {
        let field = |name: &str, of_type: &str| DescribedField {
            name: name.into(),
            of_type: of_type.into(),
        };
        Dictionary {
            events: vec![
                Described {
                    name: "GET /a|b `c`".into(),
                    module: "shop::pay".into(),
                    file: "src/pay.rs".into(),
                    line: 7,
                    doc: "# Not a *heading* <b> but `Vec<u8>` ` <i>".into(),
                    fields: vec![field("a|b", "integer"), field("..order", "Order_2")],
                },
                Described {
                    name: "bare".into(),
                    module: "shop".into(),
                    file: "src/main.rs".into(),
                    line: 1,
                    doc: String::new(),
                    fields: Vec::new(),
                },
            ],
        }
    }

    #[test]
    fn markdown_is_escaped() {
        let markdown = dictionary().to_string();
        let expected = "# Data dictionary\n\n\
            ## `` GET /a|b `c` ``\n\n\
            \\# Not a *heading* &lt;b> but `Vec<u8>` ` &lt;i>\n\n\
            In `shop::pay`, `src/pay.rs`, line 7.\n\n\
            | field | type |\n|---|---|\n\
            | `a\\|b` | integer |\n\
            | `..order` | Order\\_2 |\n\n\
            ## `bare`\n\n\
            In `shop`, `src/main.rs`, line 1.\n\n\
            ## On every event\n";
        assert!(markdown.starts_with(expected), "{markdown}");
    }

    #[test]
    fn json_comes_back() {
        let dictionary = dictionary();
        assert_eq!(Dictionary::from_json(&dictionary.to_json()), Ok(dictionary));
    }

    #[test]
    fn other_json_is_refused_with_a_reason() {
        for (text, reason) in [
            ("", "EOF"),
            ("[]", "no list `events`"),
            (r#"{"events":[{"name":"a"}]}"#, "events[0] has no `fields`"),
            (
                r#"{"events":[{"name":"a","fields":[{}]}]}"#,
                "events[0] has no `module`",
            ),
        ] {
            let refused = Dictionary::from_json(text).map_err(|error| error.contains(reason));
            assert_eq!(refused, Err(true), "{text}");
        }
    }
}
