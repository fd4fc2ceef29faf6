//! Addresses where connecting fails, each in its own way.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::{Act, Request, Server};

/// An address where nobody listens, as long as this lives: connecting is refused.
#[derive(Debug)]
pub struct Refusing {
    address: SocketAddr,
    /// Holds the port, and does not listen on it.
    holder: (TcpListener, TcpStream),
}

impl Refusing {
    /// # Errors
    /// When the system gives no port.
    pub fn new() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let stream = TcpStream::connect(listener.local_addr()?)?;
        Ok(Self {
            address: stream.local_addr()?,
            holder: (listener, stream),
        })
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on a server listens there. Until then nobody else could take the port.
    ///
    /// # Errors
    /// When somebody else has been quicker.
    pub fn replaced_by(
        self,
        script: impl Fn(&Request) -> Act + Send + Sync + 'static,
    ) -> io::Result<Server> {
        let (listener, stream) = self.holder;
        // Reset by the end of the listener, which never accepted it, the connection leaves nothing behind.
        drop(listener);
        drop(stream);
        Server::at(self.address, script)
    }
}

/// An address that swallows: whoever connects hears nothing, not even a refusal. A listener that nobody accepts from, with its
/// queue full, drops further attempts.
#[derive(Debug)]
pub struct BlackHole {
    listener: TcpListener,
}

impl BlackHole {
    /// A connection on the loopback comes at once or not at all.
    const PROOF: Duration = Duration::from_millis(100);
    const MOST: usize = 70_000;

    /// # Errors
    /// When the queue cannot be filled.
    pub fn new() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        for _ in 0..Self::MOST {
            match TcpStream::connect_timeout(&address, Self::PROOF) {
                // Closed at once: it keeps its place in the queue all the same.
                Ok(stream) => drop(stream),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                    return Ok(Self { listener });
                }
                Err(error) => return Err(error),
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
