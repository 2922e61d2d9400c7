//! Mail: builds a message, and is the only place that speaks SMTP and IMAP.
//!
//! ```text
//! mailings::deliver ─► Letter ─► message::build ─► Built ─► Line::send ─┬─► smtp     a mail server
//!                                                                      └─► mailbox  files in the data folder
//!                  ◄─────────────────────── Outcome ◄──────────────────┘
//! mailbox of a server ─► imap ─► incoming_mail::take
//! ```
//!
//! A [`Line`] is one way out that carries a letter at a time and keeps its connection; the worker holds as many of a
//! sender as the settings allow, which is all the pool there is. Who mail comes from, and over which server, is in
//! [`senders`].

pub mod dkim;
pub mod domain;
mod gathered;
pub mod imap;
pub mod inbound;
pub mod mailbox;
pub mod message;
pub mod opt_out;
pub mod return_path;
pub mod senders;
pub mod setup;
pub mod smtp;
pub mod status;
mod wrapper;

use std::sync::Arc;

pub use message::{Built, Letter};
pub use senders::{Identity, Senders};

use crate::config::Config;

/// What became of a letter that was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it, in its words.
    Accepted(String),
    /// Not now: try again later.
    Deferred(String),
    /// Not ever. `undeliverable` when the server says that there is no such address.
    Rejected { answer: String, undeliverable: bool },
    /// The letter was said to its end and no answer came that could be read: it may have been taken or not.
    Uncertain(String),
    /// Nothing was said of this letter: the server could not be reached, or refused us before that.
    Unreached(String),
}

/// Where the letters of a sender go.
#[derive(Clone, Debug)]
pub enum Carrier {
    Mailbox(mailbox::Mailbox),
    Smtp(smtp::Server),
}

impl Carrier {
    /// What carries letters that come from this address.
    pub fn of(identity: &Identity, config: &Config) -> Self {
        match &identity.server {
            None => Self::Mailbox(mailbox::Mailbox::of(config)),
            Some(server) => Self::Smtp(server.clone()),
        }
    }
}

/// One way out.
#[derive(Debug)]
pub struct Line {
    carrier: Arc<Carrier>,
    connection: Option<smtp::Connection>,
}

impl Line {
    pub fn new(carrier: Arc<Carrier>) -> Self {
        Self { carrier, connection: None }
    }

    /// Opens the way where it is not open. Gives whether it was opened now; the error is for people.
    pub async fn open(&mut self) -> Result<bool, String> {
        match self.carrier.as_ref() {
            Carrier::Mailbox(_) => Ok(false),
            Carrier::Smtp(server) => smtp::open(server, &mut self.connection).await,
        }
    }

    /// Hands a letter over and says what became of it. Gives none, with nothing said of it, where the way is not open
    /// or has been closed since the last letter.
    pub async fn hand_over(&mut self, stp: &str, letter: &Built) -> Option<Outcome> {
        match self.carrier.as_ref() {
            Carrier::Mailbox(mailbox) => Some(mailbox.keep(stp, letter).await),
            Carrier::Smtp(server) => smtp::hand_over(server, &mut self.connection, letter).await,
        }
    }

    /// Both, one after the other.
    pub async fn send(&mut self, stp: &str, letter: &Built) -> Outcome {
        loop {
            if let Err(why) = self.open().await {
                return Outcome::Unreached(why);
            }
            if let Some(outcome) = self.hand_over(stp, letter).await {
                return outcome;
            }
        }
    }

    /// Says goodbye.
    pub async fn close(self) {
        if let (Carrier::Smtp(server), Some(connection)) = (self.carrier.as_ref(), self.connection) {
            smtp::close(server, connection).await;
        }
    }
}
