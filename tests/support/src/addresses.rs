//! Addresses where connecting fails, each in its own way.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use crate::{Act, Request, Server, until};

/// A port that nobody else gets, whether somebody listens there or not. A connection to it that is kept open holds it: the system gives
/// such a port to nobody who asks for any, be it to listen or to connect from, and whoever names it may listen there.
#[derive(Debug)]
pub(crate) struct Port {
    address: SocketAddr,
    _held: (TcpStream, TcpStream),
}

impl Port {
    /// A free one, and who listens there.
    pub(crate) fn new() -> io::Result<(Arc<Self>, TcpListener)> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let ours = TcpStream::connect(address)?;
        let (theirs, _) = listener.accept()?;
        let port = Self {
            address,
            _held: (ours, theirs),
        };
        Ok((Arc::new(port), listener))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

/// An address where nobody listens, as long as this lives: connecting is refused.
#[derive(Debug)]
pub struct Refusing(Arc<Port>);

impl Refusing {
    /// # Errors
    /// When the system gives no port.
    pub fn new() -> io::Result<Self> {
        let (port, listener) = Port::new()?;
        drop(listener);
        Ok(Self::at(port))
    }

    /// Nobody listens there any more; waits until that is so for everybody. A process that another thread is just starting has all that
    /// this one had open, and lets go of it only when its own program begins.
    pub(crate) fn at(port: Arc<Port>) -> Self {
        until("connecting is refused", || {
            let connected = TcpStream::connect(port.address);
            connected.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
        });
        Self(port)
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.0.address)
    }

    /// From now on a server listens there.
    ///
    /// # Errors
    /// When the system does not let it.
    pub fn replaced_by(
        self,
        script: impl Fn(&Request) -> Act + Send + Sync + 'static,
    ) -> io::Result<Server> {
        Server::at(self.0, script)
    }
}

/// An address that swallows: whoever connects hears nothing, not even a refusal. A listener that nobody accepts from, with its
/// queue full, drops further attempts.
#[derive(Debug)]
pub struct BlackHole {
    listener: TcpListener,
}

impl BlackHole {
    /// A connection on the loopback comes at once or not at all; but a thread that is held up for as long takes it for none.
    const PROOF: Duration = Duration::from_millis(100);
    /// So many one after the other that did not come.
    const PROOFS: u32 = 3;
    const MOST: usize = 70_000;

    /// # Errors
    /// When the queue cannot be filled.
    pub fn new() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let mut proofs = 0;
        for _ in 0..Self::MOST {
            match TcpStream::connect_timeout(&address, Self::PROOF) {
                // Closed at once: it keeps its place in the queue all the same.
                Ok(_) => proofs = 0,
                Err(error) if error.kind() == io::ErrorKind::TimedOut => proofs += 1,
                Err(error) => return Err(error),
            }
            if proofs == Self::PROOFS {
                return Ok(Self { listener });
            }
        }
        Err(io::Error::other("the queue of connections never filled"))
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        let port = self
            .listener
            .local_addr()
            .map_or(0, |address| address.port());
        format!("http://127.0.0.1:{port}")
    }
}
