//! A measurement, not a test: how fast, and for how much CPU. Compiled only when asked for:
//! `RUSTFLAGS='--cfg honey_speed' cargo test --release -p honey-runtime --all-features --lib speed -- --nocapture`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::body_encoding::BodyEncoding;
use crate::compression::Compression;
use crate::dispatch::Ship;
use crate::record::{Chunk, EventRecord, SpanId, Timed, TraceId};
use crate::response::Ending;
use crate::sender::Settings;
use crate::sender::testing::rig::{PATIENCE, Rig, scope};
use crate::sender::testing::{Put, fields, record, timed};

/// A server that reads, decompresses and confirms, and does nothing else.
fn drain() -> String {
    let Ok(listener) = TcpListener::bind("127.0.0.1:0") else {
        unreachable!("no port on the loopback");
    };
    let url = format!(
        "http://{}",
        listener
            .local_addr()
            .map(|a| a.to_string())
            .unwrap_or_default()
    );
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let Ok(mut writer) = stream.try_clone() else {
                    return;
                };
                let mut reader = BufReader::with_capacity(1 << 16, stream);
                let mut body = Vec::new();
                loop {
                    let (mut length, mut is_zstd, mut line) = (0, false, String::new());
                    loop {
                        line.clear();
                        if reader.read_line(&mut line).unwrap_or(0) == 0 {
                            return;
                        }
                        if line == "\r\n" {
                            break;
                        }
                        let lower = line.to_ascii_lowercase();
                        if let Some(value) = lower.strip_prefix("content-length:") {
                            length = value.trim().parse().unwrap_or(0);
                        }
                        is_zstd |= lower.contains("zstd");
                    }
                    body.resize(length, 0);
                    if reader.read_exact(&mut body).is_err() {
                        return;
                    }
                    let json = if is_zstd {
                        zstd::stream::decode_all(body.as_slice()).unwrap_or_default()
                    } else {
                        body.clone()
                    };
                    let events = json
                        .windows(5)
                        .filter(|window| [&b"data\""[..], b"\xa4data"].contains(window))
                        .count();
                    let answer = format!("[{}]", vec![r#"{"status":202}"#; events].join(","));
                    let head = format!(
                        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{answer}",
                        answer.len()
                    );
                    if writer.write_all(head.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    url
}

/// CPU time of the threads whose names begin so, in clock ticks of 10 ms.
fn cpu(name: &str) -> Duration {
    let mut ticks = 0;
    for task in std::fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten()
    {
        let stat = std::fs::read_to_string(task.path().join("stat")).unwrap_or_default();
        if stat.contains(&format!("({name})")) {
            let rest: Vec<&str> = stat
                .rsplit(')')
                .next()
                .unwrap_or("")
                .split_whitespace()
                .collect();
            ticks += rest[11].parse::<u64>().unwrap_or(0) + rest[12].parse::<u64>().unwrap_or(0);
        }
    }
    Duration::from_millis(ticks * 10)
}

#[test]
fn speed() {
    const CHUNKS: usize = 4_000;
    const EVENTS: usize = 250;
    let settings = [
        (Compression::None, BodyEncoding::Json),
        (Compression::Zstd(1), BodyEncoding::Json),
        #[cfg(feature = "msgpack")]
        (Compression::None, BodyEncoding::MessagePack),
        #[cfg(feature = "msgpack")]
        (Compression::Zstd(1), BodyEncoding::MessagePack),
    ];
    for (compression, body_encoding) in settings {
        let url = drain();
        let rig = Rig::http(Settings {
            compression,
            body_encoding,
            ..Settings::default()
        });
        let to = scope(&url, "d");
        let own = fields([
            ("user_id", Put::from(123_456)),
            ("route", "/checkout/cart/items".into()),
            ("cart.items", 3.into()),
            (
                "cart.total_usd",
                Put::Plain(crate::record::Scalar::F64(99.95)),
            ),
            ("customer.tier", "gold".into()),
            ("cache.hit", Put::Plain(crate::record::Scalar::Bool(true))),
        ]);
        let mut seed = 1u64;
        let mut random = || {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            seed
        };
        let chunks: Vec<Chunk> = (0..CHUNKS)
            .map(|_| {
                let mut chunk = Chunk::default();
                for _ in 0..EVENTS {
                    let ids = Timed {
                        trace_id: TraceId::new((u128::from(random()) << 64) | u128::from(random())),
                        span_id: SpanId(random()),
                        parent_id: Some(SpanId(random())),
                        duration_ns: random() % 10_000_000,
                        ..timed(Ending::Ok)
                    };
                    let unix_ns = 1_700_000_000_000_000_000
                        + i64::try_from(random() % 1_000_000_000).unwrap_or(0);
                    chunk.push(
                        EventRecord {
                            timed: Some(ids),
                            unix_ns,
                            ..record()
                        },
                        &own,
                        &to,
                    );
                }
                chunk
            })
            .collect();
        let started = Instant::now();
        for chunk in chunks {
            while rig.stats().pending > 200_000 {
                std::thread::sleep(Duration::from_millis(1));
            }
            rig.offer(chunk, 1);
        }
        assert!(rig.sender.wait_settled(1, Instant::now() + PATIENCE));
        let took = started.elapsed();
        let stats = rig.stats();
        let events = f64::from(u32::try_from(CHUNKS * EVENTS).unwrap_or(0));
        let _ = writeln!(
            std::io::stderr(),
            "{compression:?}, {body_encoding:?}: {:.0} events/s; ship {:.3} µs/event, http {:.3} µs/event; {} requests, {} bytes/event",
            events / took.as_secs_f64(),
            cpu("honey-ship").as_secs_f64() * 1e6 / events,
            cpu("honey-http").as_secs_f64() * 1e6 / events,
            stats.requests,
            stats.body_bytes / stats.created,
        );
        assert_eq!(stats.accepted, stats.created);
        rig.close();
    }
}
