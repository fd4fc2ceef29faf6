//! A server on the loopback that does what a script says, written with std alone: a library's server cannot reset, stall or cut
//! short.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::sync::{Arc, Mutex};

/// How long a script may hold a connection: longer than any test, shorter than for ever.
const MOST: Duration = Duration::from_secs(120);

/// A request as it came in, decompressed.
#[derive(Debug, Clone)]
pub(in crate::sender) struct Request {
    /// Counted over all connections, from 0.
    pub(in crate::sender) number: usize,
    pub(in crate::sender) connection: usize,
    pub(in crate::sender) line: String,
    pub(in crate::sender) headers: Vec<(String, String)>,
    pub(in crate::sender) body: Vec<u8>,
}

impl Request {
    pub(in crate::sender) fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(in crate::sender) fn events(&self) -> Vec<serde_json::Value> {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The `n` of each event.
    pub(in crate::sender) fn numbers(&self) -> Vec<i64> {
        self.events()
            .iter()
            .filter_map(|event| event["data"]["n"].as_i64())
            .collect()
    }
}

/// What to do about a request.
pub(in crate::sender) enum Act {
    /// Status, further headers as lines, body.
    Answer(u16, &'static str, String),
    /// These bytes, then the end of the connection.
    Bytes(Vec<u8>),
    /// These bytes one at a time, with a pause before each, as long as the client waits.
    Trickle(Vec<u8>, Duration),
    /// The end of the connection.
    Close,
    /// Nothing, as long as the client waits.
    Hang,
}

impl Act {
    pub(in crate::sender) fn status(status: u16, body: &str) -> Act {
        Act::Answer(status, "", body.to_owned())
    }

    /// 202 for each event.
    pub(in crate::sender) fn accept(request: &Request) -> Act {
        let elements = vec![r#"{"status":202}"#; request.events().len()];
        Act::status(200, &format!("[{}]", elements.join(",")))
    }
}

pub(in crate::sender) struct Server {
    pub(in crate::sender) address: SocketAddr,
    pub(in crate::sender) requests: Arc<Mutex<Vec<Request>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(in crate::sender) fn new(script: impl Fn(&Request) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0");
        Self::on(
            listener.unwrap_or_else(|error| unreachable!("{error}")),
            script,
        )
    }

    pub(in crate::sender) fn on(
        listener: TcpListener,
        script: impl Fn(&Request) -> Act + Send + Sync + 'static,
    ) -> Self {
        let address = listener
            .local_addr()
            .unwrap_or_else(|error| unreachable!("{error}"));
        let stop = Arc::new(AtomicBool::new(false));
        let requests: Arc<Mutex<Vec<Request>>> = Arc::default();
        let shared = Arc::new(Script {
            act: Box::new(script),
            requests: Arc::clone(&requests),
            count: AtomicUsize::new(0),
        });
        let stopping = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                if stopping.load(Ordering::SeqCst) {
                    return;
                }
                let shared = Arc::clone(&shared);
                if let Ok(stream) = stream {
                    std::thread::spawn(move || serve(&shared, number, stream));
                }
            }
        });
        Self {
            address,
            requests,
            stop,
            thread: Some(thread),
        }
    }

    pub(in crate::sender) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(in crate::sender) fn seen(&self) -> Vec<Request> {
        self.requests.lock().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Script {
    act: Box<dyn Fn(&Request) -> Act + Send + Sync>,
    requests: Arc<Mutex<Vec<Request>>>,
    count: AtomicUsize,
}

fn serve(script: &Script, connection: usize, stream: TcpStream) {
    let _ = stream.set_read_timeout(Some(MOST));
    let Ok(mut writer) = stream.try_clone() else {
        return;
    };
    let mut reader = BufReader::new(stream);
    while let Some(request) = read(script, connection, &mut reader) {
        script.requests.lock().push(request.clone());
        match (script.act)(&request) {
            Act::Answer(status, headers, body) => {
                let head = format!(
                    "HTTP/1.1 {status} X\r\nContent-Length: {}\r\n{headers}\r\n",
                    body.len()
                );
                if writer
                    .write_all(format!("{head}{body}").as_bytes())
                    .is_err()
                {
                    return;
                }
            }
            Act::Bytes(bytes) => {
                let _ = writer.write_all(&bytes);
                return;
            }
            Act::Trickle(bytes, pause) => {
                for byte in bytes {
                    std::thread::sleep(pause);
                    if writer.write_all(&[byte]).is_err() {
                        return;
                    }
                }
            }
            Act::Close => return,
            Act::Hang => {
                // Ends when the client gives up.
                let _ = reader.read(&mut [0]);
                return;
            }
        }
    }
}

fn read(script: &Script, connection: usize, reader: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
    let mut headers = Vec::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let Some((name, value)) = header.trim().split_once(':') else {
            break;
        };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let number = script.count.fetch_add(1, Ordering::SeqCst);
    let mut request = Request {
        number,
        connection,
        line: line.trim().to_owned(),
        headers,
        body: Vec::new(),
    };
    let length: usize = request.header("content-length")?.parse().ok()?;
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    request.body = match request.header("content-encoding") {
        #[cfg(feature = "zstd")]
        Some("zstd") => zstd::stream::decode_all(body.as_slice()).ok()?,
        #[cfg(feature = "gzip")]
        Some("gzip") => {
            let mut out = Vec::new();
            flate2::read::GzDecoder::new(body.as_slice())
                .read_to_end(&mut out)
                .ok()?;
            out
        }
        _ => body,
    };
    Some(request)
}
