//! Ten thousand events, the same to every client, and what the server understood of each.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use honey_local::{Event, KnownKey, Server};
use serde_json::{Map, Value, json};

use crate::client::Official;
use crate::compare::{self, Understanding};
use crate::sent::{KEY, Sent};
use crate::{ours, values};

const EVENTS: usize = 10_000;
/// Of the odd values, in each event.
const VALUES_EACH: usize = 6;
/// One in this many has a very long string, one in this many is very wide.
const LONG_EVERY: usize = 400;
const WIDE_EVERY: usize = 1_000;
/// Below every server's limits, however a client escapes.
const LONG_BYTES: usize = 65_535;
const LONG_CHARACTERS: usize = 15_000;
const WIDE_FIELDS: usize = 1_990;
const RATES: [u32; 6] = [1, 2, 10, 1_000, 65_536, u32::MAX];

/// The field by which an event is known again.
const ID: &str = "corpus.id";

#[test]
fn three_clients_are_understood_alike() {
    let corpus = corpus();
    let by_ours = understood(&corpus, |server| ours::send(server, &corpus));
    for sent in &corpus {
        compare::with_definition(sent, &by_ours[&sent.id]);
    }
    for official in Official::asked_for("the corpus") {
        let theirs = understood(&corpus, |server| {
            let responses = official.send(server, &corpus, escaped);
            let is_accepted = |response: &&Value| response["status"] == 202;
            assert_eq!(responses.iter().filter(is_accepted).count(), EVENTS);
        });
        let mut differences = compare::Differences::default();
        for sent in &corpus {
            differences.add(compare::with_official(
                official,
                &by_ours[&sent.id],
                &theirs[&sent.id],
            ));
        }
        differences.assert_known(official);
    }
}

/// What a new server understood of what `send` sends, by the event's id.
fn understood(corpus: &[Sent], send: impl FnOnce(&Server)) -> BTreeMap<String, Understanding> {
    let server = Server::builder()
        .keys([KnownKey::new(KEY)])
        .start()
        .unwrap();
    send(&server);
    let events = server.events();
    for request in server.requests() {
        assert_eq!(request.status, 200, "{request:?}: {}", request.answer);
    }
    assert_eq!(events.len(), corpus.len());
    let by_id: BTreeMap<_, _> = events
        .iter()
        .map(|event| (id_of(event), Understanding::of(event)))
        .collect();
    assert_eq!(by_id.len(), corpus.len(), "each event once");
    by_id
}

fn id_of(event: &Event) -> String {
    event.str(ID).unwrap().to_owned()
}

/// A name in the form that a client which escapes none has to be given.
fn escaped(name: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(byte);
    name.bytes()
        .map(|byte| {
            if plain(&byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

fn corpus() -> Vec<Sent> {
    let mut dice = Dice(7);
    let values = values::all();
    let now_ns = i64::try_from(
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_nanos(),
    )
    .unwrap();
    (0..EVENTS)
        .map(|n| {
            let mut fields = Map::new();
            fields.insert(ID.to_owned(), json!(n.to_string()));
            for k in 0..VALUES_EACH {
                let (name, value) = &values[(n + k * 11) % values.len()];
                fields.insert(name.clone(), value.clone());
            }
            fields.insert("random.int".to_owned(), dice.integer());
            fields.insert("random.float".to_owned(), dice.float());
            fields.insert("random.text".to_owned(), dice.text().into());
            if n % LONG_EVERY == 0 {
                fields.insert("long.ascii".to_owned(), "x".repeat(LONG_BYTES).into());
            }
            if n % LONG_EVERY == 1 {
                fields.insert("long.wide".to_owned(), "€".repeat(LONG_CHARACTERS).into());
            }
            if n % WIDE_EVERY == 2 {
                fields.extend((0..WIDE_FIELDS - fields.len()).map(|k| (format!("f{k}"), json!(k))));
            }
            let time_ns = match n % 4 {
                0 => 1_136_214_245_000_000_000, // a whole second
                1 => dice.next_signed() / 8,    // about 1934 to 2006, to the nanosecond
                _ => now_ns - dice.next_signed().abs() / (1 << 20),
            };
            Sent {
                dataset: values::DATASETS[n % values::DATASETS.len()].to_owned(),
                rate: RATES[n % RATES.len()],
                time_ns,
                ..Sent::new(n.to_string(), fields.into())
            }
        })
        .collect()
}

/// A small generator, so that the corpus is always the same.
struct Dice(u64);

impl Dice {
    /// The generator `SplitMix64`.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn next_signed(&mut self) -> i64 {
        self.next().cast_signed()
    }

    /// Of any width.
    fn integer(&mut self) -> Value {
        let width = self.next() % 64;
        let number = self.next() >> width;
        match i64::try_from(number) {
            Ok(number) if self.next() & 1 == 0 => json!(-number),
            _ => json!(number),
        }
    }

    /// Any bit pattern that is a number.
    fn float(&mut self) -> Value {
        loop {
            let float = f64::from_bits(self.next());
            if float.is_finite() {
                return json!(float);
            }
        }
    }

    fn text(&mut self) -> String {
        let length = self.next() % 40;
        (0..length)
            .filter_map(|_| {
                let most =
                    [0x80, 0x800, 0x1_0000, 0x11_0000][usize::try_from(self.next() % 4).unwrap()];
                char::from_u32(u32::try_from(self.next() % most).unwrap())
            })
            .collect()
    }
}
