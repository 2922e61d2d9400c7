//! Who mail comes from: the settings' own sender, and further ones of a file, each with its own mail server and the STPs
//! that may write from it.
//!
//! ```text
//! --mail-from, --smtp-* ──────────► own ────┐                 ┌─► its letters' headers and return paths
//!                                           ├─► Identity ─────┼─► its server, its lines (mailings::ways)
//! --mail-senders FILE ─► file ────► others ─┘       ▲         └─► its limits and its days (mailings::queue)
//!                                                   │
//! a mailing: code, STP, address as frozen ─► Senders::of ─► or why none of them will do
//! ```
//!
//! Everything is read when the product starts, and what cannot work is refused then. Alerts, nudges and confirmations
//! come from the settings' own sender, whatever the file says.

mod file;

use std::{net::IpAddr, path::Path, sync::Arc};

use anyhow::{Context as _, ensure};
use lettre::{Address, message::Mailbox};

use self::file::Entry;
use super::{
    dkim::Signer,
    return_path::ReturnPath,
    smtp::{Place, Server},
};
use crate::config::{self, Post};

/// Somebody whom mail comes from.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The code that mailings know it by; empty for the settings' own.
    pub key: String,
    pub from: Mailbox,
    pub reply_to: Mailbox,
    /// What each letter's return path is made of; none where all return to where they come from.
    pub return_path: Option<ReturnPath>,
    /// Its mail server; none where letters are kept in the data folder.
    pub server: Option<Server>,
    /// Connections to that server at once.
    pub lines: usize,
    /// Addresses that its mail leaves from, as the world sees them, and selectors of the keys that its server signs
    /// with: for the check of its domain alone.
    pub hosts: Vec<IpAddr>,
    pub dkim_selectors: Vec<String>,
    /// Signs its letters here; none where its server does, or nobody.
    pub signer: Option<Signer>,
    /// The STPs that may write from it; none for all.
    stps: Option<Vec<String>>,
}

/// All of them.
#[derive(Clone, Debug)]
pub struct Senders {
    /// The settings' own first, then those of the file in its order.
    all: Vec<Arc<Identity>>,
}

impl Identity {
    /// The settings' own.
    fn own(post: &Post) -> anyhow::Result<Self> {
        let from = mailbox(&post.mail_from)?;
        let credentials = match (&post.smtp_user, &post.smtp_password) {
            (Some(user), Some(password)) => Some((user.clone(), password.clone())),
            (None, None) => None,
            _ => anyhow::bail!("to sign in to the mail server takes both --smtp-user and --smtp-password"),
        };
        let place = Place {
            host: post.smtp_host.clone(),
            port: post.smtp_port,
            tls: post.smtp_tls,
            credentials,
            ca: post.smtp_ca.clone(),
            patience: post.smtp_patience,
        };
        Ok(Self {
            key: String::new(),
            reply_to: post.mail_reply_to.as_deref().map_or_else(|| Ok(from.clone()), mailbox)?,
            signer: signer(post.dkim_key_file.as_deref(), post.dkim_key_selector.as_deref(), &from)
                .context("--dkim-key-file, --dkim-key-selector")?,
            return_path: post.mail_return_path.as_deref().map(ReturnPath::parse).transpose()?,
            from,
            server: server(post, place)?,
            lines: lines(post.smtp_connections),
            hosts: post.mail_hosts.clone(),
            dkim_selectors: post.dkim_selectors.clone(),
            stps: None,
        })
    }

    /// One of the file in `folder`.
    fn of(entry: Entry, folder: &Path, post: &Post) -> anyhow::Result<Self> {
        let place = Place {
            credentials: entry.credentials(folder)?,
            host: entry.host,
            port: entry.port,
            tls: entry.tls,
            ca: entry.ca.map(|ca| folder.join(ca)),
            patience: post.smtp_patience,
        };
        let address: Address = entry.from.parse().with_context(|| {
            format!("from: “{}” is no address; write it alone, and what it is called as name", entry.from)
        })?;
        let from = Mailbox::new(Some(entry.name), address);
        let key = entry.dkim_key_file.map(|key| folder.join(key));
        let reply_to = entry.reply_to.as_deref().map_or_else(|| Ok(from.clone()), mailbox);
        Ok(Self {
            key: entry.key,
            reply_to: reply_to.context("reply_to")?,
            signer: signer(key.as_deref(), entry.dkim_key_selector.as_deref(), &from)
                .context("dkim_key_file, dkim_key_selector")?,
            return_path: entry
                .return_path
                .as_deref()
                .map(ReturnPath::parse)
                .transpose()
                .context("return_path")?,
            from,
            server: server(post, place)?,
            lines: lines(entry.connections),
            hosts: entry.hosts,
            dkim_selectors: entry.dkim_selectors,
            stps: entry.stps,
        })
    }

    /// Its address alone: limits, and the days of a new sender, are kept by it.
    pub fn address(&self) -> String {
        self.from.email.to_string()
    }

    /// Its name and address, for people.
    pub fn title(&self) -> String {
        title(&self.from)
    }

    /// Where answers go, for people.
    pub fn reply_title(&self) -> String {
        title(&self.reply_to)
    }

    /// Whether an STP may write from it.
    pub fn is_of(&self, stp: &str) -> bool {
        self.stps.as_ref().is_none_or(|stps| stps.iter().any(|own| own == stp))
    }

    /// The codes of the STPs that may write from it; none where every one may.
    pub fn stps(&self) -> Option<&[String]> {
        self.stps.as_deref()
    }

    /// The domain that what cannot be delivered returns to.
    pub fn return_domain(&self) -> &str {
        self.return_path.as_ref().map_or_else(|| self.from.email.domain(), ReturnPath::domain)
    }
}

impl Senders {
    /// Reads the settings and what they name. The error says where and what to do.
    pub fn read(post: &Post) -> anyhow::Result<Self> {
        let mut all = vec![Arc::new(Identity::own(post)?)];
        if let Some(path) = &post.mail_senders {
            let folder = path.parent().unwrap_or(Path::new(""));
            for (entry, name) in file::read(path)? {
                let identity = Identity::of(entry, folder, post).with_context(|| name.clone())?;
                for other in &all {
                    ensure!(
                        other.key != identity.key,
                        "{name}: there is another of this key; give it its own"
                    );
                    ensure!(
                        !other.address().eq_ignore_ascii_case(&identity.address()),
                        "{name}: {} is the address of another sender already; give each its own",
                        identity.address()
                    );
                }
                all.push(Arc::new(identity));
            }
        }
        Ok(Self { all })
    }

    /// The settings' own.
    pub fn own(&self) -> &Arc<Identity> {
        &self.all[0]
    }

    /// The settings' own first.
    pub fn all(&self) -> &[Arc<Identity>] {
        &self.all
    }

    /// Those that an STP may write from, the settings' own first.
    pub fn of_stp(&self, stp: &str) -> impl Iterator<Item = &Arc<Identity>> {
        self.all.iter().filter(move |identity| identity.is_of(stp))
    }

    /// The one with this code, whoever may write from it.
    pub fn named(&self, key: Option<&str>) -> Option<&Arc<Identity>> {
        self.all.iter().find(|identity| identity.key == key.unwrap_or_default())
    }

    /// Whom a mailing of `stp` comes from, by its code and the address that it was frozen with. The error is a sentence
    /// that says why it cannot be sent.
    pub fn of(&self, key: Option<&str>, stp: &str, frozen: Option<&str>) -> Result<&Arc<Identity>, String> {
        let Some(identity) = self.named(key) else {
            let key = key.unwrap_or_default();
            let from = frozen.map(|from| format!(" ({from})")).unwrap_or_default();
            return Err(format!("Its sender “{key}”{from} is no longer among the senders of this site."));
        };
        let address = identity.address();
        if !identity.is_of(stp) {
            return Err(format!("Its sender {address} is no longer one that this STP may write from."));
        }
        match frozen {
            Some(frozen) if frozen != address => Err(format!(
                "It was frozen to come from {frozen}, and its sender’s address is {address} now."
            )),
            _ => Ok(identity),
        }
    }

    /// Where letters return to.
    pub fn return_paths(&self) -> Vec<ReturnPath> {
        self.all.iter().filter_map(|identity| identity.return_path.clone()).collect()
    }
}

fn mailbox(address: &str) -> anyhow::Result<Mailbox> {
    address.parse().with_context(|| format!("“{address}” is no address that mail can come from"))
}

fn title(mailbox: &Mailbox) -> String {
    match &mailbox.name {
        Some(name) => format!("{name} <{}>", mailbox.email),
        None => mailbox.email.to_string(),
    }
}

/// What signs letters from this address, where the settings have a key.
fn signer(key: Option<&Path>, selector: Option<&str>, from: &Mailbox) -> anyhow::Result<Option<Signer>> {
    match (key, selector) {
        (Some(key), Some(selector)) => Signer::read(key, selector, from.email.domain()).map(Some),
        (None, None) => Ok(None),
        _ => anyhow::bail!("to sign letters takes both, the key and its selector"),
    }
}

/// The server, where letters leave this machine at all.
fn server(post: &Post, place: Place) -> anyhow::Result<Option<Server>> {
    match post.mail {
        config::Carrier::Mailbox => Ok(None),
        config::Carrier::Smtp => Server::new(place).map(Some),
    }
}

fn lines(connections: u32) -> usize {
    usize::try_from(connections.max(1)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
