//! Speaks SMTP: the only place that does.
//!
//! ```text
//! connect ─ greeting ─ EHLO ─ [STARTTLS ─ EHLO] ─ EHLO ─ [AUTH]   what goes wrong here: Unreached
//! MAIL ─ RCPT ─ DATA                                       4xx Deferred · 5xx Rejected · silence, nonsense: Deferred
//! the letter, to its last dot                              2xx Accepted · 4xx · 5xx · silence, nonsense: Uncertain
//! ```
//!
//! lettre builds the commands and reads the answers; the conversation is held here, since what an error means depends
//! on how far it had come: lettre's own `send` does not tell.
//!
//! A server that can (RFC 2920: it is asked once more what it can, since lettre keeps that to itself) hears the three
//! commands before a letter at once: two turns a letter and not four. Nothing of a letter is said before all three are
//! answered, so what an error means is the same.
//!
//! The trap: lettre's pooled connections leave Nagle's algorithm on. A letter goes out in two writes, the second a
//! dot alone, and waits 40 ms for the server's delayed acknowledgement of the first: 23 letters a second. So the
//! socket is opened here with `TCP_NODELAY`, writes are [`gathered`](super::gathered), and connections are kept by the
//! [`Line`](super::Line)s.

use std::{
    error::Error as _,
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context as _;
use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, AsyncTokioStream, Certificate, TlsParameters},
    commands::{Data, Ehlo, Mail, Rcpt, Rset},
    extension::ClientId,
    response::{Response, Severity},
};
use memchr::memmem;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::rustls::ClientConfig;

use super::{Built, Outcome, gathered::Gathered, status, wrapper};
use crate::config::Tls;

/// The longest answer that is kept, in characters.
const ANSWER: usize = 500;

/// Where a mail server is and how it is spoken to, as the settings say.
#[derive(Clone, Debug)]
pub struct Place {
    pub host: String,
    /// None for the usual one by protection.
    pub port: Option<u16>,
    pub tls: Tls,
    /// Name and password to sign in with.
    pub credentials: Option<(String, SecretString)>,
    /// Certificate of an authority to trust beside the machine's own.
    pub ca: Option<PathBuf>,
    /// How long to wait for each of its answers, in seconds.
    pub patience: u64,
}

/// A mail server that can be spoken to.
#[derive(Clone)]
pub struct Server {
    host: String,
    port: u16,
    protection: Protection,
    credentials: Option<Credentials>,
    hello: ClientId,
    patience: Duration,
}

#[derive(Clone)]
enum Protection {
    None,
    Starttls(TlsParameters),
    Wrapper(Arc<ClientConfig>),
}

/// A conversation that goes on.
pub struct Connection {
    wire: AsyncSmtpConnection,
    /// Whether the server hears several commands at once.
    pipelines: bool,
    /// Whether a letter has been spoken of on it.
    used: bool,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({}:{})", self.host, self.port)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connection")
    }
}

impl Server {
    /// Reads the certificates. Refuses one that cannot be read.
    pub fn new(place: Place) -> anyhow::Result<Self> {
        let ca = place.ca.as_deref();
        let (protection, usual) = match place.tls {
            Tls::None => (Protection::None, 25),
            Tls::Starttls => (Protection::Starttls(starttls(&place.host, ca)?), 587),
            Tls::Wrapper => (Protection::Wrapper(wrapper::config(ca)?), 465),
        };
        let credentials = place
            .credentials
            .map(|(user, password)| Credentials::new(user, password.expose_secret().to_owned()));
        Ok(Self {
            host: place.host,
            port: place.port.unwrap_or(usual),
            protection,
            credentials,
            hello: ClientId::default(),
            patience: Duration::from_secs(place.patience.max(1)),
        })
    }

    /// Opens a conversation, up to where a letter can be handed over. The error is for people.
    async fn connect(&self) -> Result<Connection, String> {
        match timeout(self.patience, self.open()).await {
            Ok(Ok((wire, pipelines))) => Ok(Connection { wire, pipelines, used: false }),
            Ok(Err(error)) => Err(format!("The mail server {} could not be used: {error:#}", self.host)),
            Err(_) => Err(format!("The mail server {} did not answer in time", self.host)),
        }
    }

    /// The conversation, and whether the server hears several commands at once.
    async fn open(&self) -> anyhow::Result<(AsyncSmtpConnection, bool)> {
        let socket = TcpStream::connect((self.host.as_str(), self.port)).await?;
        socket.set_nodelay(true)?;
        let stream: Box<dyn AsyncTokioStream> = match &self.protection {
            Protection::Wrapper(config) => {
                Box::new(Gathered::new(wrapper::Encrypted::over(socket, &self.host, config.clone()).await?))
            }
            Protection::None | Protection::Starttls(_) => Box::new(Gathered::new(socket)),
        };
        let mut connection = AsyncSmtpConnection::connect_with_transport(stream, &self.hello).await?;
        if let Protection::Starttls(parameters) = &self.protection {
            connection.starttls(parameters.clone(), &self.hello).await?;
        }
        let can = connection.command(Ehlo::new(self.hello.clone())).await?;
        let pipelines = can.message().any(|word| word.eq_ignore_ascii_case("PIPELINING"));
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await.context("signing in")?;
        }
        Ok((connection, pipelines))
    }
}

fn starttls(host: &str, ca: Option<&Path>) -> anyhow::Result<TlsParameters> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(path) = ca {
        let said = || format!("the certificate of the mail server's authority in {}", path.display());
        let pem = std::fs::read(path).with_context(said)?;
        parameters = parameters.add_root_certificate(Certificate::from_pem(&pem).with_context(said)?);
    }
    Ok(parameters.build()?)
}

/// Opens a conversation where none is kept. Gives whether it was opened now; the error is for people.
pub async fn open(server: &Server, kept: &mut Option<Connection>) -> Result<bool, String> {
    let opened = kept.is_none();
    if opened {
        *kept = Some(server.connect().await?);
    }
    Ok(opened)
}

/// Hands a letter over on the kept connection. Gives none, with nothing said of the letter, where there is none or the
/// server had hung up since the last letter.
pub async fn hand_over(server: &Server, kept: &mut Option<Connection>, letter: &Built) -> Option<Outcome> {
    let mut connection = kept.take()?;
    let asked = if connection.pipelines {
        ask_at_once(server, &mut connection.wire, letter).await
    } else {
        ask(server, &mut connection.wire, letter).await
    };
    let mut said = match asked {
        Ok(()) => hand(server, &mut connection.wire, letter).await,
        Err(said) => said,
    };
    if connection.used && said.step == Step::Mail && !said.usable {
        return None;
    }
    if said.usable && !matches!(said.outcome, Outcome::Accepted(_)) {
        said.usable = matches!(timeout(server.patience, connection.wire.command(Rset)).await, Ok(Ok(_)));
    }
    if said.usable {
        *kept = Some(Connection { used: true, ..connection });
    }
    Some(said.outcome)
}

/// Ends a conversation politely; whether the server hears it changes nothing.
pub async fn close(server: &Server, mut connection: Connection) {
    if !matches!(timeout(server.patience, connection.wire.quit()).await, Ok(Ok(_))) {
        tracing::debug!("the mail server had hung up before goodbye");
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Mail,
    Rcpt,
    Data,
    Letter,
}

struct Said {
    outcome: Outcome,
    /// Where the conversation ended.
    step: Step,
    /// Whether another letter can follow on this connection.
    usable: bool,
}

/// Asks whether a letter may come, command by command. The error is why not.
async fn ask(server: &Server, connection: &mut AsyncSmtpConnection, letter: &Built) -> Result<(), Said> {
    let from = Mail::new(letter.envelope.from().cloned(), Vec::new());
    heard(Step::Mail, timeout(server.patience, connection.command(from)).await)?;
    for to in letter.envelope.to() {
        let to = Rcpt::new(to.clone(), Vec::new());
        heard(Step::Rcpt, timeout(server.patience, connection.command(to)).await)?;
    }
    heard(Step::Data, timeout(server.patience, connection.command(Data)).await)?;
    Ok(())
}

/// The commands that come before a letter.
struct Commands<'a>(&'a Built);

impl fmt::Display for Commands<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Mail::new(self.0.envelope.from().cloned(), Vec::new()).fmt(f)?;
        for to in self.0.envelope.to() {
            Rcpt::new(to.clone(), Vec::new()).fmt(f)?;
        }
        Data.fmt(f)
    }
}

/// Asks whether a letter may come, all at once, and hears every answer: the first that says no is why not.
async fn ask_at_once(
    server: &Server,
    connection: &mut AsyncSmtpConnection,
    letter: &Built,
) -> Result<(), Said> {
    let first = timeout(server.patience, connection.command(Commands(letter))).await;
    let mut refused = heard(Step::Mail, first).err();
    let to = letter.envelope.to().iter().map(|_| Step::Rcpt);
    for step in to.chain([Step::Data]) {
        if refused.as_ref().is_some_and(|said| !said.usable) {
            break;
        }
        let answer = heard(step, timeout(server.patience, connection.read_response()).await);
        refused = match (refused, answer) {
            (None, Ok(_)) => None,
            (None, Err(said)) => Some(said),
            (Some(said), Err(later)) => Some(Said { usable: later.usable, ..said }),
            // It waits for a letter to nobody: the shortest there is, which it refuses or drops.
            (Some(said), Ok(_)) if step == Step::Data => {
                let ended = timeout(server.patience, connection.command(".\r\n")).await;
                Some(Said {
                    usable: heard(Step::Letter, ended).map_or_else(|said| said.usable, |_| true),
                    ..said
                })
            }
            (refused, Ok(_)) => refused,
        };
    }
    refused.map_or(Ok(()), Err)
}

/// A letter as it goes over the line: a dot that begins a line is said twice, and a line with a dot alone ends it
/// (RFC 5321, 4.5.2). lettre does the same octet by octet, which took longer than to build the letter.
struct Whole<'a>(&'a str);

impl fmt::Display for Whole<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // There is a line break before the last dot, and no other.
        let text = self.0.strip_suffix("\r\n").unwrap_or(self.0);
        if text.starts_with('.') {
            f.write_str(".")?;
        }
        let mut said = 0;
        for at in memmem::find_iter(text.as_bytes(), b"\r\n.") {
            f.write_str(&text[said..at + 2])?;
            f.write_str(".")?;
            said = at + 2;
        }
        f.write_str(&text[said..])?;
        f.write_str("\r\n.\r\n")
    }
}

/// Hands a letter over that may come.
async fn hand(server: &Server, connection: &mut AsyncSmtpConnection, letter: &Built) -> Said {
    match heard(Step::Letter, timeout(server.patience, connection.command(Whole(&letter.text))).await) {
        Ok(answer) => Said { outcome: Outcome::Accepted(answer), step: Step::Letter, usable: true },
        Err(said) => said,
    }
}

type Heard = Result<Result<Response, Error>, tokio::time::error::Elapsed>;

/// What an answer means at its step: go on, with its words, or where that leaves the letter.
fn heard(step: Step, answer: Heard) -> Result<String, Said> {
    let broken = |why: String| {
        let outcome = if step == Step::Letter { Outcome::Uncertain(why) } else { Outcome::Deferred(why) };
        Err(Said { outcome, step, usable: false })
    };
    let error = match answer {
        Err(_) => return broken("The mail server did not answer in time".into()),
        Ok(Ok(response)) => {
            let expected = if step == Step::Data {
                Severity::PositiveIntermediate
            } else {
                Severity::PositiveCompletion
            };
            let words =
                clean(&format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" ")));
            if response.code().severity == expected {
                return Ok(words);
            }
            return broken(format!("The mail server answered what makes no sense here: {words}"));
        }
        Ok(Err(error)) => error,
    };
    let Some(code) = error.status() else {
        return broken(clean(&format!("The conversation with the mail server broke off: {error}")));
    };
    let message = error.source().map_or_else(String::new, ToString::to_string);
    let words = clean(&format!("{code} {message}"));
    // What is said against the sender is no fault of this address: it waits until that is put right.
    let outcome = if error.is_permanent() && step != Step::Mail {
        Outcome::Rejected { undeliverable: no_such_address(&words), answer: words }
    } else {
        Outcome::Deferred(words)
    };
    // 421: the server is about to hang up.
    let usable = code.to_string() != "421";
    Err(Said { outcome, step, usable })
}

/// Whether an answer says that the address is none: by the table of codes, and by its words where they decide.
fn no_such_address(answer: &str) -> bool {
    status::judge(answer) == Some(status::Meaning::NoSuchAddress)
}

/// An answer as it is kept: one line, not without end.
fn clean(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ").chars().take(ANSWER).collect()
}

#[cfg(test)]
mod tests;
