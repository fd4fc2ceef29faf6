//! The server's thread: it listens, and serves each connection as a task.

use std::convert::Infallible;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};

use super::exchange::{self, Shared};

/// How long stopping may take before the thread is left to itself.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request's head may take; an idle connection is closed after it, as at many a proxy.
const HEAD_TIMEOUT: Duration = Duration::from_secs(75);
/// The largest head of a request.
const HEAD_BYTES: usize = 64 * 1024;
/// Connections served at once; more wait to be accepted.
const MAX_CONNECTIONS: usize = 1_024;
/// The pause after a failed accept, which is mostly a lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// A listening thread.
#[derive(Debug)]
pub(super) struct Listener {
    addr: SocketAddr,
    stop: Option<oneshot::Sender<Infallible>>,
    /// In a mutex to be `Sync`: a test shares its server among threads.
    thread: Mutex<Option<Thread>>,
}

#[derive(Debug)]
struct Thread {
    handle: JoinHandle<()>,
    ended: mpsc::Receiver<Infallible>,
}

impl Listener {
    pub(super) fn start(addr: SocketAddr, shared: Arc<Shared>) -> io::Result<Self> {
        let socket = TcpListener::bind(addr)?;
        socket.set_nonblocking(true)?;
        let addr = socket.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let (started, start) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let run = move || {
            // Dropped last, when nothing of the runtime is left.
            let _end: mpsc::Sender<Infallible> = end;
            // Made here and not by the caller, who may be inside a runtime, where one must not be dropped.
            let outcome = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .and_then(|runtime| {
                    let socket =
                        runtime.block_on(async { tokio::net::TcpListener::from_std(socket) })?;
                    Ok((runtime, socket))
                });
            match outcome {
                Ok((runtime, socket)) => {
                    let _ = started.send(Ok(()));
                    runtime.block_on(async {
                        tokio::select! {
                            _ = stopped => {}
                            () = accept(socket, shared) => {}
                        }
                    });
                }
                Err(error) => drop(started.send(Err(error))),
            }
        };
        let handle = thread::Builder::new()
            .name("honey-local".to_owned())
            .spawn(run)?;
        start
            .recv()
            .unwrap_or_else(|_| Err(io::Error::other("the server's thread died at its start")))?;
        let thread = Mutex::new(Some(Thread { handle, ended }));
        Ok(Self {
            addr,
            stop: Some(stop),
            thread,
        })
    }

    pub(super) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Stops the thread and waits for its end, up to the time limit.
    pub(super) fn stop(&mut self) {
        self.stop = None;
        let thread = self
            .thread
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(Thread { handle, ended }) = thread else {
            return;
        };
        if ended.recv_timeout(STOP_TIMEOUT) == Err(mpsc::RecvTimeoutError::Disconnected) {
            let _ = handle.join();
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop();
    }
}

async fn accept(socket: tokio::net::TcpListener, shared: Arc<Shared>) {
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            return;
        };
        match socket.accept().await {
            Ok((connection, _)) => {
                let shared = Arc::clone(&shared);
                tokio::spawn(async move {
                    let _place = place;
                    serve(connection, shared).await;
                });
            }
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

async fn serve(connection: TcpStream, shared: Arc<Shared>) {
    // Without it, small answers wait for the client's acknowledgement.
    let _ = connection.set_nodelay(true);
    let service = service_fn(|request| exchange::serve(Arc::clone(&shared), request));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(HEAD_BYTES)
        .half_close(true);
    // A connection's end is the client's affair: a request that cannot be read has been answered with 400 by hyper.
    let _ = http
        .serve_connection(TokioIo::new(connection), service)
        .await;
}
