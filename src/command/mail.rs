//! `opendoor mail`: takes in mail from a mail server's pipe or a mailbox, says what waits, lets a copy send.

use std::io::Read as _;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use entity::mailing;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Outcome, open, open_as};
use crate::{
    app::App,
    config::{Config, Inbox, Post, Store},
    incoming_mail::{self, Taken, fetch},
    journal::Actor,
    mail::{
        Senders,
        domain::State,
        imap::{Place, Turn},
        setup,
    },
    mailings::{
        self,
        armed::{self, Standing},
    },
    outbox,
    web::{filters, mail_setup},
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
    /// Read the mailbox that mail comes back to, once, as `serve` and `work` do every minute
    ///
    /// What was taken in is moved to --imap-taken-folder; what could not be is named and left for the next time. The
    /// same mail is taken in once. Exit status: 0 read, 1 this copy does not read or something was left, 75 the mailbox
    /// could not be read.
    Fetch {
        #[command(flatten)]
        store: Store,
        #[command(flatten)]
        post: Box<Post>,
        #[command(flatten)]
        inbox: Box<Inbox>,
    },
    /// Check each sender's domain: SPF, DKIM, DMARC, return path; exit status 1 where something is wrong
    Check {
        #[command(flatten)]
        post: Box<Post>,
    },
    /// Say whether this copy sends, and what waits
    Status {
        #[command(flatten)]
        store: Store,
    },
    /// Let this copy send, after its database was copied or restored
    ///
    /// A copied or restored database sends nothing by itself: what waits in it may have been sent elsewhere meanwhile.
    /// Without --yes this says what would be sent and changes nothing, with exit status 1.
    Arm {
        #[command(flatten)]
        store: Store,
        /// Do it
        #[arg(long)]
        yes: bool,
    },
}

impl Mail {
    pub async fn run(self) -> anyhow::Result<Outcome> {
        match self.command {
            Command::Ingest { store, post } => ingest(store, *post).await,
            Command::Fetch { store, post, inbox } => fetch(store, *post, *inbox).await,
            Command::Check { post } => check(&post).await,
            Command::Status { store } => status(&store).await,
            Command::Arm { store, yes } => arm(&store, yes).await,
        }
    }
}

/// Says what the DNS says of each sender's domain.
async fn check(post: &Post) -> anyhow::Result<Outcome> {
    let senders = Senders::read(post)?;
    let mut wrong = false;
    for identity in senders.all() {
        if senders.all().len() > 1 {
            println!("{}", identity.title());
        }
        for check in setup::check(identity, post.dns_server).await? {
            println!("{}  {}", mail_setup::state(check.state).0, mail_setup::what(check.what));
            for text in [&check.said, &check.found, &check.change].into_iter().filter(|text| !text.is_empty())
            {
                println!("    {text}");
            }
            wrong |= check.state == State::Wrong;
        }
    }
    Ok(if wrong { Outcome::Refused } else { Outcome::Done })
}

/// Says what waits.
async fn status(store: &Store) -> anyhow::Result<Outcome> {
    let app = open(store).await?;
    println!("{}", inert(&app).await?.unwrap_or_else(|| "This copy sends.".to_owned()));
    print_waiting(&app).await?;
    Ok(Outcome::Done)
}

async fn arm(store: &Store, yes: bool) -> anyhow::Result<Outcome> {
    let app = open(store).await?;
    let Some(why) = inert(&app).await? else {
        println!("This copy sends already.");
        return Ok(Outcome::Done);
    };
    println!("{why}");
    print_waiting(&app).await?;
    if !yes {
        eprintln!("What waits is sent once this copy is armed. To do it: opendoor mail arm --yes");
        return Ok(Outcome::Refused);
    }
    armed::arm(&app, Actor::Command("mail arm")).await?;
    println!("This copy sends from now on.");
    Ok(Outcome::Done)
}

/// Why this copy does not send; none where it does.
async fn inert(app: &App) -> anyhow::Result<Option<String>> {
    Ok(match armed::standing(app).await? {
        Some(Standing::Armed(_)) => None,
        Some(Standing::Inert(why)) => Some(format!("This copy does not send. {why}.")),
        None => Some("No copy has sent from this database yet.".to_owned()),
    })
}

/// Each mailing that is being sent, with how many letters wait and since when; how many other mails. Nothing personal.
async fn print_waiting(app: &App) -> anyhow::Result<()> {
    let sending = mailing::Entity::find()
        .filter(mailing::Column::State.eq(mailing::State::Sending))
        .order_by_asc(mailing::Column::StartsAt)
        .all(app.db.read())
        .await?;
    if sending.is_empty() {
        println!("No mailing is being sent.");
    }
    for mailing in sending {
        let open = mailings::find::open(app.db.read(), &mailing.id).await?;
        let start = mailing.starts_at.as_ref().map(filters::instant).unwrap_or_default();
        println!("{} {}: {open} letters wait, start {start}", mailing.stp_code, mailing.id);
    }
    for (table, what) in [("digests", "staff"), ("alert_mails", "readers who asked for updates")] {
        let waiting = outbox::waiting(app, table).await?;
        if waiting > 0 {
            println!("To {what}: {}", filters::count(waiting, "mail waits", Some("mails wait")));
        }
    }
    Ok(())
}

/// Takes in a mail from standard input.
async fn ingest(store: Store, post: Post) -> anyhow::Result<Outcome> {
    let mut raw = Vec::new();
    std::io::stdin().lock().take(LONGEST + 1).read_to_end(&mut raw).context("reading the mail")?;
    if raw.len() as u64 > LONGEST {
        eprintln!("The mail is longer than 25 MiB, and was not taken in.");
        return Ok(Outcome::Refused);
    }
    match take(store, post, raw).await {
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

async fn take(store: Store, post: Post, raw: Vec<u8>) -> anyhow::Result<Taken> {
    let app = open_as(Config { post, ..Config::defaults(store) }).await?;
    incoming_mail::take(&app, raw).await
}

/// Reads the mailbox to its end.
async fn fetch(store: Store, post: Post, inbox: Inbox) -> anyhow::Result<Outcome> {
    anyhow::ensure!(inbox.imap_host.is_some(), "say which mailbox with --imap-host");
    let app = open_as(Config { post, inbox, ..Config::defaults(store) }).await?;
    if let Some(why) = inert(&app).await? {
        eprintln!("{why} The copy that sends reads the mailbox.");
        return Ok(Outcome::Refused);
    }
    let (mut place, mut read) = (Place::default(), Read::default());
    let broken = loop {
        match fetch::turn(&app, &mut place).await {
            Ok(Some(turn)) => {
                read.add(&turn);
                if turn.broken.is_some() || !turn.more {
                    break turn.broken;
                }
            }
            // Meanwhile another copy was put in its place.
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    println!("{}", read.said());
    Ok(match broken {
        Some(error) => {
            eprintln!("opendoor: {error:#}");
            Outcome::Later
        }
        None if read.left > 0 => Outcome::Refused,
        None => Outcome::Done,
    })
}

/// What reading the mailbox brought.
#[derive(Default)]
struct Read {
    taken: usize,
    known: usize,
    held: usize,
    cut: usize,
    left: usize,
}

impl Read {
    /// Counts a turn, and names what it left.
    fn add(&mut self, turn: &Turn<Taken>) {
        self.taken += turn.taken.len();
        self.known += turn.taken.iter().filter(|taken| matches!(taken, Taken::Known)).count();
        self.held += turn.taken.iter().filter(|taken| matches!(taken, Taken::Held(_))).count();
        self.cut += turn.cut;
        self.left += turn.failed.len();
        for failed in &turn.failed {
            eprintln!("message {}: {}: {}", failed.uid, failed.step, failed.why);
        }
    }

    fn said(&self) -> String {
        let Self { taken, known, held, cut, left } = self;
        let wait = if *held == 1 { "waits" } else { "wait" };
        let cut = if *cut > 0 { format!(", {cut} too long and read in part") } else { String::new() };
        format!(
            "{taken} taken in, {known} of them known{cut}, {held} {wait} for an administrator; {left} left"
        )
    }
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
