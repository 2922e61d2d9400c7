//! A mailbox that is signed in to: what waits in it, the bytes of a message, and the mark of one that was taken in.

use std::{net::IpAddr, num::NonZeroU32, time::Duration};

use anyhow::{Context as _, bail, ensure};
use imap_next::imap_types::{
    command::CommandBody,
    core::{Atom, Vec1},
    fetch::{MacroOrMessageDataItemNames, MessageDataItem, MessageDataItemName},
    flag::{Flag, FlagPerm, StoreResponse, StoreType},
    mailbox::Mailbox,
    response::{Capability, Code, Data},
    search::SearchKey,
    sequence::SequenceSet,
};
use lettre::transport::smtp::client::AsyncTokioStream;
use secrecy::ExposeSecret as _;
use tokio::{net::TcpStream, time::timeout};

use super::{
    Protection, Server,
    wire::{Answer, Wire},
};
use crate::mail::wrapper::Encrypted;

/// The longest message that is read whole, in bytes: 10 MiB.
pub const LONGEST: usize = 10 << 20;
/// How much of a message is asked for at once, in bytes.
const PIECE: usize = 256 << 10;
/// The mark on a server that cannot move messages.
const KEYWORD: &str = "$OpenDoor";

type Stream = Box<dyn AsyncTokioStream>;

/// A mailbox, signed in to, with the folder that is read.
pub struct Session {
    wire: Wire<Stream>,
    mark: Mark,
    /// Which numbering of messages holds.
    pub validity: Option<NonZeroU32>,
}

/// How a message is marked once it was taken in. Both outlive a crash, and neither deletes. `\Seen` would not do: a
/// person who looks into the mailbox sets it too.
enum Mark {
    Moved(Mailbox<'static>),
    Keyword,
}

/// What became of reading a message.
pub enum Read {
    Whole(Vec<u8>),
    /// Its first [`LONGEST`] bytes; there is more.
    Cut(Vec<u8>),
    /// Somebody else has moved it.
    Gone,
    /// The server will not give it, in its words.
    Refused(String),
}

impl Session {
    /// Connects, signs in and opens the folder.
    pub async fn open(server: &Server) -> anyhow::Result<Self> {
        let mut wire = connect(server).await?;
        let before = capabilities(&mut wire).await?;
        ensure!(!before.contains(&Capability::LoginDisabled), "the server takes no password here");
        let login = CommandBody::login(server.user.clone(), server.password.expose_secret().to_owned());
        let login = login.context("the name or the password cannot be said over IMAP")?;
        wire.run(login).await?.done("the name or the password")?;
        let can = capabilities(&mut wire).await?;
        let folder = mailbox(&server.folder)?;
        let select = wire.run(CommandBody::select(folder)?).await?;
        let opened = select.done(&format!("to open the folder {}", server.folder))?;
        ensure!(
            !opened.codes.contains(&Code::ReadOnly),
            "the folder {} may only be read: what was taken in could not be marked",
            server.folder
        );
        let validity = opened.codes.iter().find_map(|code| match code {
            Code::UidValidity(validity) => Some(*validity),
            _ => None,
        });
        let mark = if can.contains(&Capability::Move) {
            Mark::Moved(mailbox(&server.taken)?)
        } else {
            ensure!(
                keeps_keywords(&opened.codes)?,
                "the server can neither move messages nor keep a mark on them"
            );
            Mark::Keyword
        };
        Ok(Self { wire, mark, validity })
    }

    /// The messages that were not taken in yet, in order: those after `after`, or all.
    pub async fn waiting(&mut self, after: Option<NonZeroU32>) -> anyhow::Result<Vec<NonZeroU32>> {
        let from = after.map_or(NonZeroU32::MIN, |after| after.saturating_add(1));
        let mut keys = vec![SearchKey::Uid(SequenceSet::from(from..)), SearchKey::Undeleted];
        if matches!(self.mark, Mark::Keyword) {
            keys.push(SearchKey::Unkeyword(Atom::try_from(KEYWORD)?));
        }
        let search = CommandBody::search(None, Vec1::try_from(keys)?, true);
        let answer = self.wire.run(search).await?.done("to say what is in the folder")?;
        let mut found: Vec<NonZeroU32> = answer
            .data
            .into_iter()
            .filter_map(|data| if let Data::Search(found) = data { Some(found) } else { None })
            .flatten()
            // A range that begins behind the last message means the last message.
            .filter(|uid| *uid >= from && after != Some(*uid))
            .collect();
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Reads a message piece by piece, without a mark that it was read.
    pub async fn read(&mut self, uid: NonZeroU32) -> anyhow::Result<Read> {
        let mut bytes = Vec::new();
        loop {
            let want = PIECE.min(LONGEST + 1 - bytes.len());
            let body = MessageDataItemName::BodyExt {
                section: None,
                partial: Some((u32::try_from(bytes.len())?, NonZeroU32::try_from(u32::try_from(want)?)?)),
                peek: true,
            };
            let items = vec![MessageDataItemName::Uid, body];
            let fetch = CommandBody::Fetch {
                sequence_set: SequenceSet::from(uid),
                macro_or_item_names: MacroOrMessageDataItemNames::MessageDataItemNames(items),
                uid: true,
            };
            let answer = self.wire.run(fetch).await?;
            if let Some(why) = answer.refusal {
                return Ok(Read::Refused(why));
            }
            let Some(piece) = piece_of(answer, uid, bytes.len())? else {
                ensure!(bytes.is_empty(), "the server stopped in the middle of message {uid}");
                return Ok(Read::Gone);
            };
            ensure!(piece.len() <= want, "the server said more of message {uid} than was asked for");
            bytes.extend_from_slice(&piece);
            if piece.len() < want {
                return Ok(Read::Whole(bytes));
            }
            if bytes.len() > LONGEST {
                bytes.truncate(LONGEST);
                return Ok(Read::Cut(bytes));
            }
        }
    }

    /// Marks a message that was taken in. Gives why the server would not.
    pub async fn mark(&mut self, uid: NonZeroU32) -> anyhow::Result<Result<(), String>> {
        let mut flags = vec![Flag::Seen];
        if matches!(self.mark, Mark::Keyword) {
            flags.push(Flag::keyword(Atom::try_from(KEYWORD)?));
        }
        let store =
            CommandBody::store(SequenceSet::from(uid), StoreType::Add, StoreResponse::Silent, flags, true)?;
        let stored = self.wire.run(store).await?;
        let Mark::Moved(folder) = &self.mark else { return Ok(stored.refusal.map_or(Ok(()), Err)) };
        let to =
            CommandBody::Move { sequence_set: SequenceSet::from(uid), mailbox: folder.clone(), uid: true };
        let mut moved = self.wire.run(to.clone()).await?;
        if moved.refusal.is_some() && moved.codes.contains(&Code::TryCreate) {
            // Another reader may have made it meanwhile: whether it is there shows when moving.
            self.wire.run(CommandBody::Create { mailbox: folder.clone() }).await?;
            moved = self.wire.run(to).await?;
        }
        Ok(moved.refusal.map_or(Ok(()), Err))
    }

    /// Says goodbye; whether the server hears it changes nothing.
    pub async fn close(mut self) {
        if let Err(error) = self.wire.run(CommandBody::Logout).await {
            tracing::debug!(error = format!("{error:#}"), "the mailbox's server had hung up before goodbye");
        }
    }
}

/// A line that is protected as the settings say.
async fn connect(server: &Server) -> anyhow::Result<Wire<Stream>> {
    let patience = server.patience;
    let socket = timeout(patience, TcpStream::connect((server.host.as_str(), server.port)));
    let socket = socket.await.context("no connection in time")??;
    match &server.protection {
        Protection::Wrapper(config) => {
            let stream = timeout(patience, Encrypted::over(socket, &server.host, config.clone())).await;
            let stream = stream.context("no encryption in time")?.context("encrypting the connection")?;
            Wire::greeted(Box::new(stream) as Stream, patience).await
        }
        Protection::Starttls(config) => {
            let mut plain = Wire::greeted(socket, patience).await?;
            plain.run(CommandBody::StartTLS).await?.done("to encrypt the connection")?;
            let stream = Encrypted::over(plain.into_stream(), &server.host, config.clone());
            let stream = timeout(patience, stream).await.context("no encryption in time")?;
            let stream = stream.context("encrypting the connection")?;
            Ok(Wire::resumed(Box::new(stream) as Stream, patience))
        }
        Protection::None => {
            let ip: IpAddr = socket.peer_addr()?.ip();
            ensure!(
                ip.is_loopback(),
                "{ip} is not this machine: no password is said there without encryption"
            );
            Wire::greeted(Box::new(socket) as Stream, patience).await
        }
    }
}

async fn capabilities(wire: &mut Wire<Stream>) -> anyhow::Result<Vec<Capability<'static>>> {
    let answer = wire.run(CommandBody::Capability).await?.done("to say what it can do")?;
    Ok(answer
        .data
        .into_iter()
        .filter_map(|data| if let Data::Capability(can) = data { Some(can) } else { None })
        .flatten()
        .collect())
}

/// Whether a folder keeps our keyword. A server that says nothing of it keeps every flag.
fn keeps_keywords(codes: &[Code<'_>]) -> anyhow::Result<bool> {
    let own = FlagPerm::Flag(Flag::keyword(Atom::try_from(KEYWORD)?));
    let said = codes.iter().find_map(|code| match code {
        Code::PermanentFlags(flags) => Some(flags),
        _ => None,
    });
    Ok(said.is_none_or(|flags| flags.contains(&FlagPerm::Asterisk) || flags.contains(&own)))
}

/// The bytes of a message in an answer, from `offset` on; none where the answer does not speak of it.
fn piece_of(answer: Answer, uid: NonZeroU32, offset: usize) -> anyhow::Result<Option<Vec<u8>>> {
    for data in answer.data {
        let Data::Fetch { items, .. } = data else { continue };
        if !items.as_ref().contains(&MessageDataItem::Uid(uid)) {
            continue;
        }
        for item in items {
            let MessageDataItem::BodyExt { section: None, origin, data } = item else { continue };
            if usize::try_from(origin.unwrap_or_default())? != offset {
                bail!("the server gave another piece of message {uid} than was asked for");
            }
            return Ok(Some(data.into_option().map(std::borrow::Cow::into_owned).unwrap_or_default()));
        }
    }
    Ok(None)
}

/// A folder's name as IMAP has it. Refuses one with other letters than English ones.
pub fn mailbox(name: &str) -> anyhow::Result<Mailbox<'static>> {
    let fit = !name.is_empty() && name.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    ensure!(fit, "{name:?} cannot be a folder's name here: give it as the server lists it");
    Ok(Mailbox::try_from(name.to_owned())?)
}

/// How long to wait for an answer, as the settings say.
pub const fn patience(seconds: u64) -> Duration {
    Duration::from_secs(if seconds == 0 { 1 } else { seconds })
}
