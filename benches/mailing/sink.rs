//! A mail server that takes every letter and keeps none.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

pub struct Sink {
    pub port: u16,
    taken: Arc<watch::Sender<usize>>,
    /// When the first letter since it was last asked came, and the last.
    times: Arc<Mutex<Option<(Instant, Instant)>>>,
    _tasks: JoinSet<()>,
}

#[allow(dead_code, reason = "not every benchmark counts its letters here")]
impl Sink {
    /// Opens one that takes so long for each answer.
    pub async fn open(delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let (taken, times) = (Arc::new(watch::Sender::new(0)), Arc::new(Mutex::new(None)));
        let mut tasks = JoinSet::new();
        let shared = (taken.clone(), times.clone());
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (taken, times) = shared.clone();
                open.spawn(async move {
                    if let Err(error) = take(stream, delay, &taken, &times).await {
                        eprintln!("the mail server: {error}");
                    }
                });
            }
        });
        Self { port, taken, times, _tasks: tasks }
    }

    /// Begins to measure; gives how many letters were taken before.
    pub fn begin(&self) -> usize {
        *self.times.lock().expect("the times") = None;
        *self.taken.borrow()
    }

    /// Waits until so many were taken, and gives the time from the first to the last since it began.
    pub async fn took(&self, all: usize) -> Duration {
        self.taken.subscribe().wait_for(|taken| *taken >= all).await.expect("the mail server is there");
        let (first, last) = self.times.lock().expect("the times").expect("letters came");
        last - first
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
async fn take(
    stream: TcpStream,
    delay: Duration,
    taken: &watch::Sender<usize>,
    times: &Mutex<Option<(Instant, Instant)>>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink ESMTP\r\n").await?;
    let (mut line, mut letter) = (Vec::new(), false);
    loop {
        line.clear();
        if stream.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        if letter && line != b".\r\n" {
            continue;
        }
        if letter {
            let now = Instant::now();
            let mut times = times.lock().expect("the times");
            *times = Some((times.map_or(now, |(first, _)| first), now));
            drop(times);
            taken.send_modify(|taken| *taken += 1);
        }
        letter = line.to_ascii_uppercase().starts_with(b"DATA");
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        stream.write_all(if letter { b"354 go on\r\n" } else { b"250 ok\r\n" }).await?;
    }
}
