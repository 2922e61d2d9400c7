//! `opendoor mail ingest`: a mail from a mail server's pipe.

use std::io::Read as _;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::{Outcome, open_as};
use crate::{
    config::{Config, Post, Store},
    incoming_mail::{self, Taken},
};

/// The longest mail that is read, in bytes: 25 MiB.
const LONGEST: u64 = 25 << 20;

#[derive(Args, Debug)]
pub struct Mail {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Take in a mail that came back, from standard input, as a mail server's pipe hands it over
    ///
    /// Bounces, complaints and requests to be left out take effect at once; what people write waits on the page of
    /// their area. The same mail is taken in once. Exit status: 0 taken in, 1 too long to be read, 75 not now, the
    /// mail server is to try again.
    Ingest {
        #[command(flatten)]
        store: Store,
        #[command(flatten)]
        post: Box<Post>,
    },
}

impl Mail {
    pub async fn run(self) -> anyhow::Result<Outcome> {
        let Command::Ingest { store, post } = self.command;
        let mut raw = Vec::new();
        std::io::stdin().lock().take(LONGEST + 1).read_to_end(&mut raw).context("reading the mail")?;
        if raw.len() as u64 > LONGEST {
            eprintln!("The mail is longer than 25 MiB, and was not taken in.");
            return Ok(Outcome::Refused);
        }
        match ingest(store, *post, raw).await {
            Ok(taken) => {
                println!("{}", said(taken));
                Ok(Outcome::Done)
            }
            Err(error) => {
                eprintln!("opendoor: {error:#}");
                Ok(Outcome::Later)
            }
        }
    }
}

async fn ingest(store: Store, post: Post, raw: Vec<u8>) -> anyhow::Result<Taken> {
    let app = open_as(Config { post, ..Config::defaults(store) }).await?;
    incoming_mail::take(&app, raw).await
}

/// What became of it; nothing personal.
fn said(taken: Taken) -> String {
    match taken {
        Taken::Known => "It had been taken in before.".to_owned(),
        Taken::Held(kind) => {
            format!("{}: nobody knows whose letter it is about; it waits for an administrator.", kind.name())
        }
        Taken::Took(kind, Some(fate)) => format!("{}: {}.", kind.name(), fate.name().to_lowercase()),
        Taken::Took(kind, None) => format!("{}.", kind.name()),
    }
}
