//! A server on the loopback that does what a script says, over plain TCP: a library's server cannot reset, stall, trickle or cut
//! short. It stands on std alone, but for TLS.

mod act;
mod connection;
mod request;

pub use act::{Act, Answer, Greeting};
pub use request::Request;

use std::collections::VecDeque;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::addresses::{Port, Refusing};
use crate::tls::Certificate;

/// A server that follows a script, and writes down what it sees. Dropped, it breaks off its connections and ends its threads.
#[derive(Debug)]
pub struct Server {
    port: Arc<Port>,
    scheme: &'static str,
    state: Arc<State>,
    acceptor: Option<JoinHandle<()>>,
}

/// What a server's threads share.
struct State {
    greet: Box<dyn Fn(usize) -> Greeting + Send + Sync>,
    act: Box<dyn Fn(&Request) -> Act + Send + Sync>,
    tls: Option<Arc<rustls::ServerConfig>>,
    seen: Mutex<Seen>,
    connections: AtomicUsize,
    sent_bytes: AtomicU64,
    open: Mutex<Vec<TcpStream>>,
    is_stopping: AtomicBool,
    stopped: Condvar,
}

/// The requests that are kept.
struct Seen {
    requests: VecDeque<Request>,
    count: usize,
    most: usize,
}

impl Server {
    /// On a free port. `script` is asked about each request, when all of it is there.
    ///
    /// # Panics
    /// When the system gives no port.
    #[must_use]
    pub fn new(script: impl Fn(&Request) -> Act + Send + Sync + 'static) -> Self {
        Self::greeting(|_| Greeting::Serve, script)
    }

    /// `greet` is asked about each connection first, which it gets by its number, from 0.
    ///
    /// # Panics
    /// When the system gives no port.
    #[must_use]
    pub fn greeting(
        greet: impl Fn(usize) -> Greeting + Send + Sync + 'static,
        script: impl Fn(&Request) -> Act + Send + Sync + 'static,
    ) -> Self {
        Self::start(
            Self::free_port(),
            State::new(Box::new(greet), Box::new(script), None),
        )
    }

    /// On this port, where nobody listens.
    pub(crate) fn at(
        port: Arc<Port>,
        script: impl Fn(&Request) -> Act + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let state = State::new(Box::new(|_| Greeting::Serve), Box::new(script), None);
        let listener = TcpListener::bind(port.address())?;
        Ok(Self::start((port, listener), state))
    }

    /// With TLS, as `https://localhost:PORT`.
    ///
    /// # Panics
    /// When the system gives no port.
    #[must_use]
    pub fn tls(
        certificate: &Certificate,
        script: impl Fn(&Request) -> Act + Send + Sync + 'static,
    ) -> Self {
        let tls = Some(certificate.server_config());
        Self::start(
            Self::free_port(),
            State::new(Box::new(|_| Greeting::Serve), Box::new(script), tls),
        )
    }

    fn free_port() -> (Arc<Port>, TcpListener) {
        Port::new().unwrap_or_else(|error| unreachable!("no port on the loopback: {error}"))
    }

    fn start((port, listener): (Arc<Port>, TcpListener), state: State) -> Self {
        let scheme = if state.tls.is_some() { "https" } else { "http" };
        let state = Arc::new(state);
        let shared = Arc::clone(&state);
        let acceptor = thread::spawn(move || {
            thread::scope(|connections| {
                for stream in listener.incoming().flatten() {
                    let Some(number) = shared.opened(&stream) else {
                        return;
                    };
                    let shared = &shared;
                    connections.spawn(move || connection::serve(shared, number, stream));
                }
            });
        });
        Self {
            port,
            scheme,
            state,
            acceptor: Some(acceptor),
        }
    }

    /// Its base URL.
    #[must_use]
    pub fn url(&self) -> String {
        match self.scheme {
            "https" => format!("https://localhost:{}", self.address().port()),
            _ => format!("http://{}", self.address()),
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.port.address()
    }

    /// Ends, as a server does that will come again: until then nobody listens there, and nobody else gets its port.
    #[must_use]
    pub fn leave(self) -> Refusing {
        let port = Arc::clone(&self.port);
        drop(self);
        Refusing::at(port)
    }

    /// The requests so far, in the order in which they were complete.
    #[must_use]
    pub fn seen(&self) -> Vec<Request> {
        lock(&self.state.seen).requests.iter().cloned().collect()
    }

    /// How many requests were complete so far.
    #[must_use]
    pub fn requests(&self) -> usize {
        lock(&self.state.seen).count
    }

    /// Keeps only the last `requests` from now on; all of them by default.
    pub fn keep_last(&self, requests: usize) {
        lock(&self.state.seen).most = requests;
    }

    /// How many connections were accepted so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// The bytes that clients, or the buffers of the system before them, took so far.
    #[must_use]
    pub fn sent_bytes(&self) -> u64 {
        self.state.sent_bytes.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.state.stop();
        // Lets the acceptor look at the flag.
        let _ = TcpStream::connect(self.address());
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl State {
    fn new(
        greet: Box<dyn Fn(usize) -> Greeting + Send + Sync>,
        act: Box<dyn Fn(&Request) -> Act + Send + Sync>,
        tls: Option<Arc<rustls::ServerConfig>>,
    ) -> Self {
        Self {
            greet,
            act,
            tls,
            seen: Mutex::new(Seen {
                requests: VecDeque::new(),
                count: 0,
                most: usize::MAX,
            }),
            connections: AtomicUsize::new(0),
            sent_bytes: AtomicU64::new(0),
            open: Mutex::default(),
            is_stopping: AtomicBool::new(false),
            stopped: Condvar::new(),
        }
    }

    /// Notes a request, and numbers it.
    fn saw(&self, request: &mut Request) {
        let mut seen = lock(&self.seen);
        request.number = seen.count;
        seen.count += 1;
        seen.requests.push_back(request.clone());
        while seen.requests.len() > seen.most {
            seen.requests.pop_front();
        }
    }

    /// Notes a connection, so that stopping can break it off; its number, or `None` once the server stops.
    fn opened(&self, stream: &TcpStream) -> Option<usize> {
        let mut open = lock(&self.open);
        if self.is_stopping.load(Ordering::SeqCst) {
            return None;
        }
        open.extend(stream.try_clone());
        Some(self.connections.fetch_add(1, Ordering::SeqCst))
    }

    /// Forgets a connection that has ended: whoever holds it keeps it open.
    fn ended(&self, stream: &TcpStream) {
        let peer = stream.peer_addr().ok();
        lock(&self.open).retain(|open| open.peer_addr().ok() != peer);
    }

    fn stop(&self) {
        let open = lock(&self.open);
        self.is_stopping.store(true, Ordering::SeqCst);
        for stream in open.iter() {
            let _ = stream.shutdown(Shutdown::Both);
        }
        self.stopped.notify_all();
    }

    /// Does nothing for so long, or until the server stops.
    fn pause(&self, longest: Duration) {
        let open = lock(&self.open);
        let _ = self
            .stopped
            .wait_timeout_while(open, longest, |_| !self.is_stopping.load(Ordering::SeqCst));
    }
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
