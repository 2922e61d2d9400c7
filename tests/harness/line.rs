//! Lines to a server that break, change what is said, or lead to nobody who speaks the protocol.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinSet,
};

/// A line that leads to a server on this machine.
pub struct Line {
    pub port: u16,
    cut: Arc<Cut>,
    _tasks: JoinSet<()>,
}

/// When a line breaks.
struct Cut {
    /// At the next word of the client.
    now: AtomicBool,
    /// After so many bytes of the server more.
    after: AtomicUsize,
}

/// Breaks a line from elsewhere.
#[derive(Clone)]
pub struct Scissors(Arc<Cut>);

impl Scissors {
    /// The next word of the client does not arrive.
    pub fn cut(&self) {
        self.0.now.store(true, Ordering::SeqCst);
    }
}

impl Line {
    /// A line to `port`, on which the server's word `was` becomes `is`, of the same length.
    pub async fn to(port: u16, was: &'static str, is: &'static str) -> Self {
        assert_eq!(was.len(), is.len());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let own = listener.local_addr().unwrap().port();
        let cut = Arc::new(Cut { now: AtomicBool::new(false), after: AtomicUsize::new(usize::MAX) });
        let mut tasks = JoinSet::new();
        let rule = cut.clone();
        tasks.spawn(async move {
            let mut lines = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                let rule = rule.clone();
                lines.spawn(async move {
                    tokio::select! {
                        () = up(from_client, to_server, &rule) => {}
                        () = down(from_server, to_client, &rule, was, is) => {}
                    }
                });
            }
        });
        Self { port: own, cut, _tasks: tasks }
    }

    /// Breaks after so many bytes of the server more.
    pub fn cut_after(&self, bytes: usize) {
        self.cut.after.store(bytes, Ordering::SeqCst);
    }

    pub fn scissors(&self) -> Scissors {
        Scissors(self.cut.clone())
    }
}

async fn up(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, cut: &Cut) {
    let mut bytes = vec![0; 8192];
    while let Ok(read) = from.read(&mut bytes).await {
        if read == 0 || cut.now.load(Ordering::SeqCst) || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

async fn down(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, cut: &Cut, was: &str, is: &str) {
    let mut bytes = vec![0; 8192];
    while let Ok(read) = from.read(&mut bytes).await {
        let said = &mut bytes[..read];
        for at in 0..(said.len() + 1).saturating_sub(was.len()) {
            if !was.is_empty() && &said[at..at + was.len()] == was.as_bytes() {
                said[at..at + was.len()].copy_from_slice(is.as_bytes());
            }
        }
        let left = cut.after.load(Ordering::SeqCst);
        let said = &said[..read.min(left)];
        cut.after.store(left.saturating_sub(read), Ordering::SeqCst);
        if read == 0 || to.write_all(said).await.is_err() || said.len() < read {
            return;
        }
    }
}

/// A server that says the same to everybody, whatever it is told.
pub struct Talker {
    pub port: u16,
    heard: Arc<Mutex<HashMap<usize, Vec<u8>>>>,
    _tasks: JoinSet<()>,
}

impl Talker {
    /// Says the pieces with a pause between them, then hangs up if `hangs_up`.
    pub async fn saying(pieces: Vec<Vec<u8>>, hangs_up: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(HashMap::new()));
        let mut tasks = JoinSet::new();
        let all = heard.clone();
        tasks.spawn(async move {
            let mut lines = JoinSet::new();
            let mut number = 0;
            while let Ok((mut client, _)) = listener.accept().await {
                number += 1;
                let (all, pieces) = (all.clone(), pieces.clone());
                lines.spawn(async move {
                    let (mut from, mut to) = client.split();
                    let say = async {
                        for (number, piece) in pieces.iter().enumerate() {
                            if number > 0 {
                                tokio::time::sleep(Duration::from_millis(200)).await;
                            }
                            if to.write_all(piece).await.is_err() {
                                return;
                            }
                        }
                        if hangs_up {
                            drop(to.shutdown().await);
                        }
                    };
                    let hear = async {
                        let mut bytes = vec![0; 8192];
                        while let Ok(read @ 1..) = from.read(&mut bytes).await {
                            let mut all = all.lock().unwrap();
                            all.entry(number).or_insert_with(Vec::new).extend_from_slice(&bytes[..read]);
                        }
                    };
                    tokio::join!(say, hear);
                });
            }
        });
        Self { port, heard, _tasks: tasks }
    }

    /// Everything that was said to it.
    pub fn heard(&self) -> String {
        let all = self.heard.lock().unwrap();
        all.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect()
    }
}
