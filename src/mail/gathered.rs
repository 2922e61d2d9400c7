//! A stream that says what was written when an answer is waited for, and not before: lettre flushes after each piece,
//! and a letter's last dot would be a packet of its own.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What is gathered at most, in bytes.
const MOST: usize = 64 << 10;

/// A stream with what is not yet said on it.
#[derive(Debug)]
pub struct Gathered<S> {
    stream: S,
    unsaid: Vec<u8>,
    /// How much of that was said.
    said: usize,
}

impl<S: AsyncWrite + Unpin> Gathered<S> {
    pub fn new(stream: S) -> Self {
        Self { stream, unsaid: Vec::new(), said: 0 }
    }

    /// Says all of it.
    fn say(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.unsaid.is_empty() {
            return Poll::Ready(Ok(()));
        }
        while self.said < self.unsaid.len() {
            let said = ready!(Pin::new(&mut self.stream).poll_write(cx, &self.unsaid[self.said..]))?;
            if said == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.said += said;
        }
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        self.unsaid.clear();
        self.said = 0;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncTokioStream> AsyncTokioStream for Gathered<S> {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Gathered<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.say(cx))?;
        Pin::new(&mut self.stream).poll_read(cx, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Gathered<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.unsaid.len() >= MOST {
            ready!(self.say(cx))?;
        }
        let taken = bytes.len().min(MOST - self.unsaid.len());
        self.unsaid.extend_from_slice(&bytes[..taken]);
        Poll::Ready(Ok(taken))
    }

    /// Says nothing yet: whoever waits for an answer reads.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.say(cx))?;
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn what_was_written_is_said_in_one_piece_when_an_answer_is_waited_for() {
        let (ours, mut theirs) = tokio::io::duplex(1 << 20);
        let mut stream = Gathered::new(ours);
        for piece in ["a letter", "\r\n.\r\n"] {
            stream.write_all(piece.as_bytes()).await.unwrap();
            stream.flush().await.unwrap();
        }
        theirs.write_all(b"250 ok").await.unwrap();
        let mut answer = [0; 6];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"250 ok");
        let mut heard = [0; 100];
        let length = theirs.read(&mut heard).await.unwrap();
        assert_eq!(&heard[..length], b"a letter\r\n.\r\n");
    }

    #[tokio::test]
    async fn what_is_longer_than_it_gathers_arrives_whole_over_a_narrow_way() {
        let (ours, mut theirs) = tokio::io::duplex(1000);
        let mut stream = Gathered::new(ours);
        let long: Vec<u8> = (0..=255).cycle().take(3 * MOST + 7).collect();
        let says = async {
            stream.write_all(&long).await.unwrap();
            stream.shutdown().await.unwrap();
        };
        let mut heard = Vec::new();
        let ((), read) = tokio::join!(says, theirs.read_to_end(&mut heard));
        read.unwrap();
        assert_eq!(heard, long);
    }
}
