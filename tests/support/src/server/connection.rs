//! One connection, served as the script says.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::ops::ControlFlow;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rustls::{ServerConnection, StreamOwned};

use super::{Act, Greeting, Request, State};

/// As good as for ever.
const LONGEST: Duration = Duration::from_hours(1);

pub(super) fn serve(state: &State, number: usize, stream: TcpStream) {
    let Ok(socket) = stream.try_clone() else {
        return;
    };
    let _ = stream.set_nodelay(true);
    match (state.greet)(number) {
        Greeting::Serve => match &state.tls {
            None => requests(state, number, &socket, stream),
            Some(tls) => {
                if let Ok(session) = ServerConnection::new(tls.clone()) {
                    requests(state, number, &socket, StreamOwned::new(session, stream));
                }
            }
        },
        Greeting::Close => {}
        Greeting::Say(bytes) => {
            let mut stream = stream;
            let _ = stream.read(&mut [0; 4096]);
            let _ = send(state, &mut stream, bytes);
            let _ = stream.shutdown(Shutdown::Write);
            let _ = stream.read(&mut [0; 4096]);
        }
        Greeting::Stall => state.pause(LONGEST),
        Greeting::ReadThenReset(bytes) => {
            let mut stream = stream;
            let _ = stream.read_exact(&mut vec![0; bytes]);
            reset(&socket);
        }
    }
    state.ended(&socket);
}

/// Waits until something unread is there: a socket closed over it is reset by the system.
fn reset(socket: &TcpStream) {
    let _ = socket.peek(&mut [0]);
}

fn requests(state: &State, number: usize, socket: &TcpStream, mut stream: impl Read + Write) {
    while let Some((mut request, length)) = Request::read_head(number, &mut stream) {
        let Some(last) = read_body(&mut request, length, state, socket, &mut stream) else {
            return;
        };
        state.saw(&mut request);
        let act = (state.act)(&request);
        if let Act::Reset(bytes) = &act {
            let _ = send(state, &mut stream, bytes);
            reset(socket);
            return;
        }
        if last == Last::Unread && stream.read_exact(&mut [0]).is_err() {
            return;
        }
        if perform(state, socket, &mut stream, act).is_break() {
            return;
        }
    }
}

/// Where the last byte of a body is.
#[derive(PartialEq, Eq)]
enum Last {
    Read,
    /// Still with the system, so that the connection can be reset.
    Unread,
}

fn read_body(
    request: &mut Request,
    length: usize,
    state: &State,
    socket: &TcpStream,
    stream: &mut impl Read,
) -> Option<Last> {
    request.body = vec![0; length];
    if state.tls.is_some() || length == 0 {
        stream.read_exact(&mut request.body).ok()?;
        return Some(Last::Read);
    }
    let (last, most) = request.body.split_last_mut()?;
    stream.read_exact(most).ok()?;
    let mut byte = [0];
    (socket.peek(&mut byte).ok()? == 1).then_some(())?;
    *last = byte[0];
    Some(Last::Unread)
}

/// Break: the connection ends.
fn perform(
    state: &State,
    socket: &TcpStream,
    stream: &mut (impl Read + Write),
    act: Act,
) -> ControlFlow<()> {
    match act {
        Act::Answer(answer) => return send(state, stream, &answer.bytes()),
        Act::AnswerThenClose(answer) => {
            let _ = send(state, stream, &answer.bytes());
            let _ = socket.shutdown(Shutdown::Both);
        }
        Act::Bytes(bytes) => {
            let _ = send(state, stream, &bytes);
        }
        Act::Trickle {
            head,
            slowly,
            pause,
        } => {
            send(state, stream, &head)?;
            for byte in slowly {
                state.pause(pause);
                send(state, stream, &[byte])?;
            }
        }
        Act::Flood {
            head,
            piece,
            most_bytes,
        } => {
            send(state, stream, &head)?;
            let pieces = most_bytes.div_ceil(piece.len().max(1) as u64);
            for _ in 0..pieces {
                send(state, stream, &piece)?;
            }
        }
        // Ends when the client gives up.
        Act::Hang => {
            let _ = stream.read(&mut [0]);
        }
        Act::Reset(_) => {}
    }
    ControlFlow::Break(())
}

fn send(state: &State, stream: &mut impl Write, bytes: &[u8]) -> ControlFlow<()> {
    if stream
        .write_all(bytes)
        .and_then(|()| stream.flush())
        .is_err()
    {
        return ControlFlow::Break(());
    }
    state
        .sent_bytes
        .fetch_add(bytes.len() as u64, Ordering::SeqCst);
    ControlFlow::Continue(())
}
