//! The clients: threads with a connection each, that ask again as soon as they have the answer.

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use serde_json::json;

use crate::child;
use crate::options::Options;
use crate::peer::Result;

pub(crate) fn run(options: &Options) -> Result<()> {
    let address = options.text("address")?;
    let connections: usize = options.number("connections", 1)?;
    let lasting = Duration::from_millis(options.number("milliseconds", 1_000)?);
    let began = Instant::now();
    let clients: Vec<_> = (0..connections)
        .map(|client| {
            let address = address.to_owned();
            std::thread::spawn(move || ask(&address, client, began + lasting))
        })
        .collect();
    let mut times = Histogram::<u64>::new(3)?;
    for client in clients {
        times += client.join().map_err(|_| "a client panicked")??;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    let per_second = times.len() as f64 / began.elapsed().as_secs_f64();
    let at = |quantile| Duration::from_nanos(times.value_at_quantile(quantile)).as_secs_f64() * 1e6;
    child::print(&json!({
        "requests": times.len(),
        "per_second": per_second,
        "p50_us": at(0.5),
        "p99_us": at(0.99),
        "p999_us": at(0.999),
    }))
}

/// One client, until `until`.
fn ask(address: &str, client: usize, until: Instant) -> Result<Histogram<u64>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answers = BufReader::new(stream.try_clone()?);
    let request = format!(
        "GET /cart/{} HTTP/1.1\r\nhost: shop.example\r\nuser-agent: honey-peers/1.0\r\naccept: */*\r\n\r\n",
        100 + client
    );
    let mut times = Histogram::new(3)?;
    let mut answer = Vec::new();
    while Instant::now() < until {
        let asked = Instant::now();
        stream.write_all(request.as_bytes())?;
        read_answer(&mut answers, &mut answer)?;
        times.record(u64::try_from(asked.elapsed().as_nanos())?)?;
    }
    Ok(times)
}

/// Reads one response: its head, and as much as that says.
fn read_answer(from: &mut impl Read, answer: &mut Vec<u8>) -> Result<()> {
    const HEAD_END: &[u8] = b"\r\n\r\n";
    const LENGTH: &str = "content-length: ";
    answer.clear();
    let mut byte = [0];
    while !answer.ends_with(HEAD_END) {
        from.read_exact(&mut byte)?;
        answer.push(byte[0]);
    }
    let head = std::str::from_utf8(answer)?;
    if !head.starts_with("HTTP/1.1 200 ") {
        return Err(format!("refused: {head}").into());
    }
    let (_, length) = head.split_once(LENGTH).ok_or("no length")?;
    let length: usize = length.lines().next().unwrap_or_default().parse()?;
    answer.resize(length, 0);
    from.read_exact(answer)?;
    Ok(())
}
