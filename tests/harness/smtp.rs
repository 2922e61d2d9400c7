//! A mail server that really speaks the protocol, keeps every message with its envelope, and misbehaves as it is told or
//! at random.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, BufStream},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;

pub use super::mischief::{Behaviour, Step};
use super::{
    certificate::certificate,
    mischief::Mischief,
    wire::{letter, path, say, stall},
};

/// A message that the server took.
#[derive(Clone, Debug)]
pub struct Received {
    pub from: String,
    pub to: String,
    /// As sent, dots unstuffed.
    pub data: String,
}

struct Rule {
    step: Step,
    /// Recipients that hold this; all where it is empty.
    recipient: String,
    behaviour: Behaviour,
    /// How often it still applies.
    times: usize,
}

#[derive(Default)]
struct State {
    received: Mutex<Vec<Received>>,
    rules: Mutex<Vec<Rule>>,
    mischief: Mutex<Option<Mischief>>,
    /// Addresses to which it once refused a letter for good.
    refused: Mutex<BTreeSet<String>>,
    connections: AtomicUsize,
    /// Whether it says that it hears several commands at once (RFC 2920).
    pipelines: AtomicBool,
    /// Connections that are open.
    open: watch::Sender<usize>,
    /// How often it has hung up on everybody.
    gone: watch::Sender<usize>,
    seen: watch::Sender<usize>,
    held: watch::Sender<Option<usize>>,
    /// The name and password that it wants.
    wants: Option<(String, String)>,
}

/// How the server protects its connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    None,
    Starttls,
    Wrapper,
}

/// A running mail server; gone when it is dropped.
pub struct SmtpServer {
    pub port: u16,
    /// The certificate of its authority, where it has one (PEM).
    pub authority: String,
    state: Arc<State>,
    _tasks: JoinSet<()>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panicked while it held this")
}

impl SmtpServer {
    /// A server that does its duty.
    pub async fn start() -> Self {
        Self::with(Protection::None, None).await
    }

    /// A server that protects its connections and wants to know who signs in.
    pub async fn with(protection: Protection, wants: Option<(&str, &str)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let wants = wants.map(|(name, password)| (name.to_owned(), password.to_owned()));
        let state = Arc::new(State { wants, ..State::default() });
        let (acceptor, authority) = certificate();
        let mut tasks = JoinSet::new();
        let shared = state.clone();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (state, acceptor) = (shared.clone(), acceptor.clone());
                connections.spawn(async move {
                    state.connections.fetch_add(1, Ordering::Relaxed);
                    state.open.send_modify(|open| *open += 1);
                    let mut gone = state.gone.subscribe();
                    tokio::select! {
                        // A client that goes away in the middle is what some tests are about.
                        _ = connection(&state, stream, protection, acceptor) => {}
                        _ = gone.changed() => {}
                    }
                    state.open.send_modify(|open| *open -= 1);
                });
            }
        });
        Self { port, authority, state, _tasks: tasks }
    }

    /// Says to whoever connects from now on whether it hears several commands at once, which it always does.
    pub fn pipeline(&self, pipelines: bool) {
        self.state.pipelines.store(pipelines, Ordering::Relaxed);
    }

    /// Misbehaves at `step`, for recipients that hold `recipient`, `times` times.
    pub fn when(&self, step: Step, recipient: &str, behaviour: Behaviour, times: usize) {
        lock(&self.state.rules).push(Rule { step, recipient: recipient.to_owned(), behaviour, times });
    }

    /// Misbehaves at random from now on.
    pub fn misbehave(&self, mischief: Mischief) {
        *lock(&self.state.mischief) = Some(mischief);
    }

    /// Goes back to its duty, and gives what it did at random.
    pub fn behave(&self) -> Option<Mischief> {
        lock(&self.state.rules).clear();
        lock(&self.state.mischief).take()
    }

    /// Goes away in the middle of every conversation, and is there again at once.
    pub fn hang_up(&self) {
        self.state.gone.send_modify(|gone| *gone += 1);
    }

    /// Waits until nobody is connected: whatever it was sent, it has read.
    pub async fn is_alone(&self) {
        let mut open = self.state.open.subscribe();
        open.wait_for(|open| *open == 0).await.expect("the server lives");
    }

    /// Addresses to which it once refused a letter for good.
    pub fn refused(&self) -> BTreeSet<String> {
        lock(&self.state.refused).clone()
    }

    /// How many copies it took of each letter, by what stands before the @ of its Message-ID.
    pub fn copies(&self) -> BTreeMap<String, usize> {
        let mut copies = BTreeMap::new();
        for message in lock(&self.state.received).iter() {
            let id = message.data.split_once("Message-ID: <").and_then(|(_, rest)| rest.split_once('@'));
            let (id, _) = id.expect("a letter of ours has a Message-ID");
            *copies.entry(id.to_owned()).or_default() += 1;
        }
        copies
    }

    /// Every message taken so far.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.state.received).clone()
    }

    /// How many messages each address got.
    pub fn tally(&self) -> BTreeMap<String, usize> {
        let mut tally = BTreeMap::new();
        for message in lock(&self.state.received).iter() {
            *tally.entry(message.to.clone()).or_default() += 1;
        }
        tally
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::Relaxed)
    }

    /// How many commands and letters it has heard.
    pub fn heard(&self) -> usize {
        *self.state.seen.borrow()
    }

    /// Waits until it has heard `number` commands and letters.
    pub async fn hears(&self, number: usize) {
        let mut seen = self.state.seen.subscribe();
        seen.wait_for(|seen| *seen >= number).await.expect("the server lives");
    }

    /// Answers nothing from the command of this number on, until it is let go again.
    pub fn hold_at(&self, number: Option<usize>) {
        self.state.held.send_replace(number);
    }
}

async fn connection(
    state: &State,
    stream: TcpStream,
    protection: Protection,
    acceptor: TlsAcceptor,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    match protection {
        Protection::None => talk(state, &mut BufStream::new(stream), true).await.map(|_| ()),
        Protection::Wrapper => {
            let stream = acceptor.accept(stream).await?;
            talk(state, &mut BufStream::new(stream), true).await.map(|_| ())
        }
        Protection::Starttls => {
            let mut plain = BufStream::new(stream);
            if talk(state, &mut plain, false).await? {
                let stream = acceptor.accept(plain.into_inner()).await?;
                let mut stream = BufStream::new(stream);
                // After STARTTLS the client speaks first.
                conversation(state, &mut stream, true).await?;
            }
            Ok(())
        }
    }
}

/// Greets and talks. Gives true when the client asked to encrypt.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    state: &State,
    stream: &mut BufStream<S>,
    open: bool,
) -> std::io::Result<bool> {
    if !obey(state, stream, Step::Greeting, "").await? {
        return Ok(false);
    }
    say(stream, "220 sink.example.org ESMTP").await?;
    conversation(state, stream, open).await
}

async fn conversation<S: AsyncRead + AsyncWrite + Unpin>(
    state: &State,
    stream: &mut BufStream<S>,
    open: bool,
) -> std::io::Result<bool> {
    let (mut from, mut to, mut signed_in) = (None, None, state.wants.is_none());
    let mut greeted = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(false);
        }
        let line = line.trim_end_matches(['\r', '\n']);
        let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
        // What it can may be asked again.
        if verb != "EHLO" || !std::mem::replace(&mut greeted, true) {
            heard(state).await;
        }
        match verb.as_str() {
            "EHLO" => {
                if !obey(state, stream, Step::Ehlo, "").await? {
                    return Ok(false);
                }
                say(stream, &abilities(state, open)).await?;
            }
            "STARTTLS" if !open => {
                say(stream, "220 2.0.0 go ahead").await?;
                return Ok(true);
            }
            "AUTH" => {
                let given =
                    line.rsplit(' ').next().and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
                let wanted = state.wants.as_ref().map(|(name, password)| format!("\0{name}\0{password}"));
                signed_in = wanted.is_some_and(|wanted| wanted.as_bytes() == given);
                say(stream, if signed_in { "235 2.7.0 welcome" } else { "535 5.7.8 who?" }).await?;
            }
            "MAIL" if !signed_in => say(stream, "530 5.7.0 sign in first").await?,
            "MAIL" if from.is_none() => match path(line, "MAIL FROM:") {
                Some(address) => {
                    if obey(state, stream, Step::Mail, "").await? {
                        from = Some(address);
                        say(stream, "250 2.1.0 ok").await?;
                    }
                }
                None => say(stream, "501 5.5.4 what?").await?,
            },
            "RCPT" if from.is_some() => match path(line, "RCPT TO:") {
                Some(address) => {
                    if obey(state, stream, Step::Rcpt, &address).await? {
                        to = Some(address);
                        say(stream, "250 2.1.5 ok").await?;
                    }
                }
                None => say(stream, "501 5.5.4 what?").await?,
            },
            "DATA" if to.is_some() => {
                let recipient = to.clone().unwrap_or_default();
                if !obey(state, stream, Step::Data, &recipient).await? {
                    continue;
                }
                say(stream, "354 end with a dot").await?;
                let Some(data) = letter(stream).await? else { return Ok(false) };
                let message = Received { from: from.take().unwrap_or_default(), to: recipient.clone(), data };
                to = None;
                heard(state).await;
                let behaviour = rule(state, Step::Letter, &recipient);
                let refuses =
                    matches!(behaviour, Some(Behaviour::Answer(_) | Behaviour::Stall | Behaviour::Drop));
                let taken = (!refuses).then(|| {
                    let mut received = lock(&state.received);
                    received.push(message);
                    format!("250 2.0.0 taken as {}", received.len())
                });
                match behaviour {
                    Some(Behaviour::Stall | Behaviour::TakeAndStall) => return stall(stream).await,
                    Some(Behaviour::Drop | Behaviour::TakeAndDrop) => return Ok(false),
                    Some(Behaviour::Answer(answer) | Behaviour::TakeAndSay(answer)) => {
                        say(stream, answer).await?;
                        if answer.starts_with("421") {
                            return Ok(false);
                        }
                    }
                    Some(Behaviour::TakeAndLeave) => {
                        say(stream, &taken.unwrap_or_default()).await?;
                        return Ok(false);
                    }
                    None => say(stream, &taken.unwrap_or_default()).await?,
                }
            }
            "RSET" => {
                (from, to) = (None, None);
                say(stream, "250 2.0.0 ok").await?;
            }
            "NOOP" => say(stream, "250 2.0.0 ok").await?,
            "QUIT" => {
                say(stream, "221 2.0.0 bye").await?;
                return Ok(false);
            }
            "MAIL" | "RCPT" | "DATA" => say(stream, "503 5.5.1 not now").await?,
            _ => say(stream, "500 5.5.2 what?").await?,
        }
    }
}

/// What it says that it can.
fn abilities(state: &State, open: bool) -> String {
    let offers = [
        (!open, "STARTTLS"),
        (state.wants.is_some() && open, "AUTH PLAIN"),
        (state.pipelines.load(Ordering::Relaxed), "PIPELINING"),
        (true, "8BITMIME"),
    ];
    let offers = offers.iter().filter(|(can, _)| *can).map(|(_, word)| format!("250-{word}\r\n"));
    format!("250-sink.example.org\r\n{}250 SIZE 10485760", offers.collect::<String>())
}

/// Counts what was heard, and waits where it is held.
async fn heard(state: &State) {
    state.seen.send_modify(|seen| *seen += 1);
    let number = *state.seen.borrow();
    let mut held = state.held.subscribe();
    let _ = held.wait_for(|held| held.is_none_or(|from| number < from)).await;
}

/// What it does at this step instead of its duty: as it was told, or at random.
fn rule(state: &State, step: Step, recipient: &str) -> Option<Behaviour> {
    let behaviour = told(state, step, recipient)
        .or_else(|| lock(&state.mischief).as_mut().and_then(|mischief| mischief.at(step)));
    if let Some(Behaviour::Answer(answer)) = behaviour
        && answer.starts_with('5')
        && !recipient.is_empty()
    {
        lock(&state.refused).insert(recipient.to_owned());
    }
    behaviour
}

fn told(state: &State, step: Step, recipient: &str) -> Option<Behaviour> {
    let mut rules = lock(&state.rules);
    let rule = rules
        .iter_mut()
        .find(|rule| rule.step == step && rule.times > 0 && recipient.contains(rule.recipient.as_str()))?;
    rule.times -= 1;
    Some(rule.behaviour)
}

/// Follows the rule of this step, if there is one. Gives whether the server goes on with its duty.
async fn obey<S: AsyncRead + AsyncWrite + Unpin>(
    state: &State,
    stream: &mut BufStream<S>,
    step: Step,
    recipient: &str,
) -> std::io::Result<bool> {
    let closed = || std::io::Error::other("hung up, as told");
    match rule(state, step, recipient) {
        None => Ok(true),
        Some(Behaviour::Answer(answer)) => {
            say(stream, answer).await?;
            if answer.starts_with("421") { Err(closed()) } else { Ok(false) }
        }
        Some(Behaviour::Stall) => stall(stream).await.and_then(|_| Err(closed())),
        Some(_) => {
            if step == Step::Data {
                say(stream, "354 end with a dot").await?;
                let mut line = String::new();
                stream.read_line(&mut line).await?;
            }
            Err(closed())
        }
    }
}
