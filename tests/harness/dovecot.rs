//! Mailboxes on a real Dovecot, each of them a test's own.
//!
//! It is where `OPENDOOR_TEST_DOVECOT` says (`tests/dovecot.sh start` sets one up). Without it those tests fail: they
//! are never skipped in silence.

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU32, Ordering},
};

use opendoor::config::{Inbox, Tls};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream},
    net::TcpStream,
};

const PASSWORD: &str = "a-quiet-room";

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A new mailbox.
pub struct Mailbox {
    pub user: String,
    pub plain: u16,
    pub encrypted: u16,
    /// Of the server: its certificate and all mailboxes.
    folder: PathBuf,
    /// Holds the file with the password.
    own: tempfile::TempDir,
}

impl Mailbox {
    /// An empty one.
    pub fn new() -> Self {
        let (plain, rest) =
            server().split_once(',').map(|(a, b)| (a.to_owned(), b.to_owned())).expect("a port");
        let (encrypted, folder) = rest.split_once(',').expect("two ports and a folder");
        let own = tempfile::tempdir().unwrap();
        std::fs::write(own.path().join("password"), format!("{PASSWORD}\n")).unwrap();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        Self {
            user: format!("reader{}x{number}", std::process::id()),
            plain: plain.parse().unwrap(),
            encrypted: encrypted.parse().unwrap(),
            folder: folder.into(),
            own,
        }
    }

    /// The settings that read it.
    pub fn inbox(&self, tls: Tls) -> Inbox {
        Inbox {
            imap_host: Some("localhost".into()),
            imap_port: Some(if tls == Tls::Wrapper { self.encrypted } else { self.plain }),
            imap_tls: tls,
            imap_ca: Some(self.folder.join("certificate.pem")),
            imap_user: Some(self.user.clone()),
            imap_password_file: Some(self.own.path().join("password")),
            imap_patience: 10,
            ..Inbox::none()
        }
    }

    /// Gives it another password than the server's.
    pub fn forget_password(&self) {
        std::fs::write(self.own.path().join("password"), "another-room").unwrap();
    }

    /// Puts messages into the folder that is read.
    pub async fn receive(&self, messages: &[Vec<u8>]) {
        let mut client = self.client().await;
        for message in messages {
            client.append(message).await;
        }
    }

    /// The flags of the messages in a folder, a line each, in order.
    pub async fn flags(&self, folder: &str) -> Vec<String> {
        let mut client = self.client().await;
        client.say(&format!("EXAMINE {folder}")).await;
        let lines = client.say("UID FETCH 1:* (FLAGS)").await;
        lines.into_iter().filter(|line| line.contains(" FETCH ")).collect()
    }

    /// The sizes of the messages in a folder, in order.
    pub async fn sizes(&self, folder: &str) -> Vec<usize> {
        let mut client = self.client().await;
        client.say(&format!("EXAMINE {folder}")).await;
        let lines = client.say("FETCH 1:* RFC822.SIZE").await;
        let size = |line: &String| line.split("RFC822.SIZE ").nth(1)?.trim_end_matches(')').parse().ok();
        lines.iter().filter_map(size).collect()
    }

    /// Opens the folder that is read as a person does, and says something.
    pub async fn person(&self, command: &str) -> Vec<String> {
        let mut client = self.client().await;
        client.say("SELECT INBOX").await;
        client.say(command).await
    }

    /// Numbers the messages of the folder that is read anew, as a server does that lost its index.
    pub fn renumber(&self) {
        let folder = self.folder.join("mail").join(&self.user);
        let mut gone = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with("dovecot") {
                std::fs::remove_file(path).unwrap();
                gone += 1;
            }
        }
        assert!(gone > 1, "no index was there");
    }

    async fn client(&self) -> Client {
        let stream = TcpStream::connect(("127.0.0.1", self.plain)).await.expect("the Dovecot of the tests");
        let mut client = Client(BufStream::new(stream));
        client.line().await;
        client.say(&format!("LOGIN {} {PASSWORD}", self.user)).await;
        client
    }
}

/// A mail program in small.
struct Client(BufStream<TcpStream>);

impl Client {
    /// Gives a command and gives what it is answered with, a line each.
    async fn say(&mut self, command: &str) -> Vec<String> {
        self.0.write_all(format!("x {command}\r\n").as_bytes()).await.unwrap();
        self.0.flush().await.unwrap();
        let mut lines = Vec::new();
        loop {
            let line = self.line().await;
            if let Some(end) = line.strip_prefix("x ") {
                assert!(end.starts_with("OK"), "{command}: {end}");
                return lines;
            }
            lines.push(line);
        }
    }

    async fn append(&mut self, message: &[u8]) {
        let command = format!("x APPEND INBOX {{{}+}}\r\n", message.len());
        self.0.write_all(command.as_bytes()).await.unwrap();
        self.0.write_all(message).await.unwrap();
        self.0.write_all(b"\r\n").await.unwrap();
        self.0.flush().await.unwrap();
        let mut line = self.line().await;
        while !line.starts_with("x ") {
            line = self.line().await;
        }
        assert!(line.starts_with("x OK"), "{line}");
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(self.0.read_line(&mut line).await.unwrap() > 0, "the server hung up");
        line.trim_end().to_owned()
    }
}

#[expect(clippy::disallowed_methods, reason = "the suite is told where its Dovecot is")]
fn server() -> String {
    std::env::var("OPENDOOR_TEST_DOVECOT")
        .expect("OPENDOOR_TEST_DOVECOT must be what `tests/dovecot.sh start` prints: `make test` sets one up")
}
