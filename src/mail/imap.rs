//! Reads the mailbox that mail comes back to: the only place that speaks IMAP.
//!
//! ```text
//! connect ─ encrypt ─ sign in ─ open the folder ─ what waits, by number     what goes wrong here: an error
//!   for each: read, nothing marked ─► take ─┬─ taken ──► \Seen, moved to the folder of what was taken
//!                                           └─ failed ─► left as it is, told in `failed`, the next one's turn
//! ```
//!
//! A message is marked after it was taken in, so a crash in between brings it again and loses none; taking in must know
//! what it has had. Nothing is deleted. Where a server cannot move messages the keyword `$OpenDoor` is the mark; where it
//! can, there is none, so a message that a person moves back is read again.
//!
//! A turn reads so many messages at most. What failed stays in front, so the next turn goes on behind it
//! ([`Place`]) and begins anew once the end was reached: letters that always fail do not keep others waiting.

mod session;
mod wire;

use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use secrecy::SecretString;
use tokio_rustls::rustls::ClientConfig;

use super::wrapper;
use crate::config::{Inbox, Tls};
use session::{Read, Session};

pub use session::LONGEST;

/// How many messages a turn reads at most.
const MOST: usize = 200;

/// A mailbox, as the settings say.
#[derive(Clone)]
pub struct Server {
    host: String,
    port: u16,
    protection: Protection,
    user: String,
    password: SecretString,
    folder: String,
    taken: String,
    patience: Duration,
    most: usize,
}

#[derive(Clone)]
enum Protection {
    None,
    Starttls(Arc<ClientConfig>),
    Wrapper(Arc<ClientConfig>),
}

/// Where the next turn goes on; at first, from the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place(Option<(NonZeroU32, NonZeroU32)>);

/// A message, as the server gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub bytes: Vec<u8>,
    /// Only its first [`LONGEST`] bytes: it is longer.
    pub cut: bool,
}

/// What a turn did.
#[derive(Debug)]
pub struct Turn<T> {
    /// What became of each message that was taken in and marked, in order.
    pub taken: Vec<T>,
    /// How many of them were too long and taken in cut.
    pub cut: usize,
    /// What was left for another turn.
    pub failed: Vec<Failed>,
    /// Whether more waits than a turn reads.
    pub more: bool,
    /// Why the turn ended early. The message that it ended at is taken again.
    pub broken: Option<anyhow::Error>,
}

/// A message that was left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its number in the folder.
    pub uid: u32,
    pub step: Step,
    pub why: String,
}

/// Where a message's turn ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The server would not give it.
    Read,
    /// It could not be taken in.
    Take,
    /// It was taken in and could not be marked: it comes again, and is known then.
    Mark,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Read => "could not be read",
            Self::Take => "could not be taken in",
            Self::Mark => "was taken in and could not be marked",
        })
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Server({}:{})", self.host, self.port)
    }
}

impl Server {
    /// Reads the settings and the file with the password. None where no mailbox is set. Refuses a server elsewhere
    /// without encryption, and a folder to read that is the one to move to.
    pub fn new(inbox: &Inbox) -> anyhow::Result<Option<Self>> {
        let Some(host) = inbox.imap_host.clone() else { return Ok(None) };
        let (Some(user), Some(file)) = (inbox.imap_user.clone(), &inbox.imap_password_file) else {
            anyhow::bail!("to read a mailbox takes both --imap-user and --imap-password-file");
        };
        let said = || format!("the mailbox's password in {}", file.display());
        let password = std::fs::read_to_string(file).with_context(said)?;
        let ca = inbox.imap_ca.as_deref();
        let (protection, usual) = match inbox.imap_tls {
            Tls::Wrapper => (Protection::Wrapper(wrapper::config(ca)?), 993),
            Tls::Starttls => (Protection::Starttls(wrapper::config(ca)?), 143),
            Tls::None => {
                let near = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
                ensure!(
                    near,
                    "{host} is not this machine: --imap-tls none would tell its password to anybody"
                );
                (Protection::None, 143)
            }
        };
        let (folder, taken) = (inbox.imap_folder.clone(), inbox.imap_taken_folder.clone());
        session::mailbox(&folder)?;
        session::mailbox(&taken)?;
        ensure!(
            !folder.eq_ignore_ascii_case(&taken),
            "what was taken in cannot be moved to where it is: {taken}"
        );
        Ok(Some(Self {
            host,
            port: inbox.imap_port.unwrap_or(usual),
            protection,
            user,
            password: password.trim_end_matches(['\r', '\n']).to_owned().into(),
            folder,
            taken,
            patience: session::patience(inbox.imap_patience),
            most: MOST,
        }))
    }

    /// The same with so many messages a turn at most.
    #[must_use]
    pub fn at_most(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// Reads what waits and hands it to `take`, one by one and in order. A turn that is dropped in the middle loses
    /// nothing. An error is one from before the first message.
    pub async fn turn<T, F, Taking>(&self, place: &mut Place, take: F) -> anyhow::Result<Turn<T>>
    where
        F: FnMut(Message) -> Taking,
        Taking: Future<Output = anyhow::Result<T>>,
    {
        let unused = || format!("the mailbox at {} could not be read", self.host);
        let mut session = Session::open(self).await.with_context(unused)?;
        let after = place.0.filter(|(validity, _)| session.validity == Some(*validity)).map(|(_, uid)| uid);
        let mut waiting = session.waiting(after).await.with_context(unused)?;
        let more = waiting.len() > self.most;
        waiting.truncate(self.most);
        let mut turn = Turn { taken: Vec::new(), cut: 0, failed: Vec::new(), more, broken: None };
        match turn.work(&mut session, &waiting, take).await {
            Ok(()) => {
                place.0 = session.validity.zip(waiting.last().copied()).filter(|_| more);
                session.close().await;
            }
            // The line is of no use any more; the place stays, so that the messages behind it come again.
            Err(error) => turn.broken = Some(error.context(unused())),
        }
        Ok(turn)
    }
}

impl<T> Turn<T> {
    /// Works through the messages. An error is one of the conversation.
    async fn work<F, Taking>(
        &mut self,
        session: &mut Session,
        waiting: &[NonZeroU32],
        mut take: F,
    ) -> anyhow::Result<()>
    where
        F: FnMut(Message) -> Taking,
        Taking: Future<Output = anyhow::Result<T>>,
    {
        for uid in waiting.iter().copied() {
            let message = match session.read(uid).await? {
                Read::Whole(bytes) => Message { bytes, cut: false },
                Read::Cut(bytes) => Message { bytes, cut: true },
                Read::Gone => continue,
                Read::Refused(why) => {
                    self.fail(uid, Step::Read, why);
                    continue;
                }
            };
            let cut = message.cut;
            let taken = match take(message).await {
                Ok(taken) => taken,
                Err(error) => {
                    self.fail(uid, Step::Take, format!("{error:#}"));
                    continue;
                }
            };
            match session.mark(uid).await? {
                Ok(()) => {
                    self.taken.push(taken);
                    self.cut += usize::from(cut);
                }
                Err(why) => self.fail(uid, Step::Mark, why),
            }
        }
        Ok(())
    }

    fn fail(&mut self, uid: NonZeroU32, step: Step, why: String) {
        self.failed.push(Failed { uid: uid.get(), step, why });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox() -> (tempfile::NamedTempFile, Inbox) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(&file, "a quiet room\r\n").unwrap();
        let inbox = Inbox {
            imap_host: Some("mail.example.org".into()),
            imap_user: Some("engagement".into()),
            imap_password_file: Some(file.path().to_owned()),
            ..Inbox::none()
        };
        (file, inbox)
    }

    #[test]
    fn no_host_is_no_mailbox() {
        assert!(Server::new(&Inbox::none()).unwrap().is_none());
    }

    #[test]
    fn the_port_follows_the_protection() {
        let (_file, inbox) = inbox();
        let port = |tls, port| {
            let inbox = Inbox { imap_tls: tls, imap_port: port, ..inbox.clone() };
            Server::new(&inbox).unwrap().unwrap().port
        };
        assert_eq!(port(Tls::Wrapper, None), 993);
        assert_eq!(port(Tls::Starttls, None), 143);
        assert_eq!(port(Tls::Wrapper, Some(10_993)), 10_993);
    }

    #[test]
    fn a_password_is_said_unprotected_to_this_machine_alone() {
        let (_file, inbox) = inbox();
        for (host, fit) in [
            ("localhost", true),
            ("127.0.0.1", true),
            ("::1", true),
            ("mail.example.org", false),
            ("192.0.2.1", false),
            ("127.0.0.1.example.org", false),
        ] {
            let inbox = Inbox { imap_host: Some(host.into()), imap_tls: Tls::None, ..inbox.clone() };
            assert_eq!(Server::new(&inbox).is_ok(), fit, "{host}");
        }
    }

    #[test]
    fn settings_that_cannot_work_are_refused() {
        let (_file, inbox) = inbox();
        let same = Inbox { imap_taken_folder: "inbox".into(), ..inbox.clone() };
        let strange = Inbox { imap_folder: "Zurück".into(), ..inbox.clone() };
        let broken = Inbox { imap_folder: "INBOX\r\nA LOGOUT".into(), ..inbox.clone() };
        let nobody = Inbox { imap_user: None, ..inbox.clone() };
        let missing = Inbox { imap_password_file: Some("/nowhere/at/all".into()), ..inbox };
        for bad in [same, strange, broken, nobody, missing] {
            assert!(Server::new(&bad).is_err(), "{bad:?}");
        }
    }
}
