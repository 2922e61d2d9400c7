//! One command and its answer.
//!
//! ```text
//! command ─► imap-next, which reads and writes no socket itself ─► stream
//! answer  ◄─ what the server said, up to the line with our tag   ◄─┘     within a time and a size
//! ```
//!
//! imap-next and not async-imap: it caps how much of an answer is held before it is read, its parser is fuzzed, and it
//! brings six crates to the other's fourteen, one of which is not kept up.

use std::{io, time::Duration};

use anyhow::{Context as _, bail, ensure};
use imap_next::{
    Interrupt, Io, State as _,
    client::{Client, Event, Options},
    imap_types::{
        command::{Command, CommandBody},
        core::{Tag, Text},
        response::{Bye, Code, Data, GreetingKind, Status, StatusBody, StatusKind, Tagged},
    },
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::timeout,
};

/// The longest answer to one command, in bytes: room for the numbers of half a million messages.
const LONGEST: u32 = 4 << 20;
/// How much is read at once.
const PIECE: usize = 16 << 10;
/// The longest words of a server that are passed on, in characters.
const WORDS: usize = 200;

/// A conversation with a server. After an error it cannot go on.
pub struct Wire<S> {
    stream: S,
    client: Client,
    patience: Duration,
    piece: Vec<u8>,
    /// Bytes that the present command may still be answered with.
    room: usize,
    commands: u32,
}

/// What a server said to a command that it understood.
#[derive(Debug)]
pub struct Answer {
    pub data: Vec<Data<'static>>,
    pub codes: Vec<Code<'static>>,
    /// Why the command was not carried out, in the server's words.
    pub refusal: Option<String>,
}

impl Answer {
    /// The answer to a command that has to be carried out. `what` completes "the server refused".
    pub fn done(self, what: &str) -> anyhow::Result<Self> {
        match self.refusal {
            Some(why) => bail!("the server refused {what}: {why}"),
            None => Ok(self),
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// Begins a conversation with the server's greeting. Refuses one that holds us for somebody already: who stands in
    /// between could have said so to keep the line from being encrypted.
    pub async fn greeted(stream: S, patience: Duration) -> anyhow::Result<Self> {
        let mut wire = Self::new(stream, patience, false);
        let greeting = match timeout(patience, wire.event()).await.context("no greeting in time")?? {
            Event::GreetingReceived { greeting } => greeting,
            other => bail!("the server began with what is no greeting: {}", named(&other)),
        };
        match greeting.kind {
            GreetingKind::Ok => Ok(wire),
            GreetingKind::PreAuth => {
                bail!("the server holds us for signed in before we have said who we are")
            }
            GreetingKind::Bye => bail!("the server turned us away: {}", words(&greeting.text)),
        }
    }

    /// Goes on with a conversation on a line that has just been encrypted. What the server said before that and was
    /// not read is forgotten: anybody may have said it.
    pub fn resumed(stream: S, patience: Duration) -> Self {
        Self::new(stream, patience, true)
    }

    fn new(stream: S, patience: Duration, greeted: bool) -> Self {
        let mut options = Options::default();
        options.max_response_size = LONGEST;
        options.discard_greeting = greeted;
        let client = Client::new(options);
        Self { stream, client, patience, piece: vec![0; PIECE], room: LONGEST as usize, commands: 0 }
    }

    /// The stream, to be encrypted.
    pub fn into_stream(self) -> S {
        self.stream
    }

    /// Gives a command and waits for its answer. An error is one of the conversation; what the server will not do is
    /// in the answer.
    pub async fn run(&mut self, body: CommandBody<'static>) -> anyhow::Result<Answer> {
        let name = body.name();
        let answer = timeout(self.patience, self.talk(body)).await;
        answer.context("no answer in time").and_then(|answer| answer).with_context(|| format!("at {name}"))
    }

    async fn talk(&mut self, body: CommandBody<'static>) -> anyhow::Result<Answer> {
        self.commands += 1;
        self.room = LONGEST as usize;
        let tag = Tag::try_from(format!("o{}", self.commands))?;
        let leaves = matches!(body, CommandBody::Logout);
        self.client.enqueue_command(Command { tag: tag.clone(), body });
        let (mut data, mut codes) = (Vec::new(), Vec::new());
        loop {
            let status = match self.event().await? {
                Event::DataReceived { data: one } => {
                    data.push(one);
                    continue;
                }
                Event::StatusReceived { status } | Event::CommandRejected { status, .. } => status,
                Event::CommandSent { .. } | Event::ContinuationRequestReceived { .. } => continue,
                other => bail!("the server answered what was not asked: {}", named(&other)),
            };
            match status {
                Status::Untagged(StatusBody { code, .. }) => codes.extend(code),
                Status::Bye(Bye { text, .. }) if !leaves => bail!("the server hung up: {}", words(&text)),
                Status::Bye(_) => {}
                Status::Tagged(Tagged { tag: of, body }) => {
                    ensure!(of == tag, "the server answered another command");
                    codes.extend(body.code);
                    let refusal = (body.kind != StatusKind::Ok).then(|| words(&body.text));
                    return Ok(Answer { data, codes, refusal });
                }
            }
        }
    }

    /// The next thing that happens.
    async fn event(&mut self) -> anyhow::Result<Event> {
        loop {
            match self.client.next() {
                Ok(event) => return Ok(event),
                Err(Interrupt::Io(Io::Output(bytes))) => {
                    self.stream.write_all(&bytes).await?;
                    self.stream.flush().await?;
                }
                Err(Interrupt::Io(Io::NeedMoreInput)) => {
                    let read = self.stream.read(&mut self.piece).await?;
                    ensure!(read > 0, io::Error::from(io::ErrorKind::UnexpectedEof));
                    self.room = self.room.checked_sub(read).context("the answer is too long")?;
                    self.client.enqueue_input(&self.piece[..read]);
                }
                // Its bytes are left out: they may be somebody's letter.
                Err(Interrupt::Error(error)) => return Err(error).context("the answer cannot be read"),
            }
        }
    }
}

/// A server's words on one line, not without end.
fn words(text: &Text<'_>) -> String {
    text.inner().chars().filter(|c| !c.is_control()).take(WORDS).collect()
}

fn named(event: &Event) -> &'static str {
    match event {
        Event::GreetingReceived { .. } => "a greeting",
        Event::DataReceived { .. } => "data",
        Event::StatusReceived { .. } => "a status",
        Event::ContinuationRequestReceived { .. } => "a request to go on",
        _ => "a step of a command that was not given",
    }
}
