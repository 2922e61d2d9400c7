//! `opendoor report publish | list | withdraw`.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use entity::{edition, stp};
use sea_orm::EntityTrait as _;
use serde::Serialize;

use super::{Outcome, open};
use crate::{
    app::App,
    config::Store,
    journal::Actor,
    reports::{
        edition::{ENGLAND, LONGEST_TITLE},
        find,
        publish::{self, Area, Asked},
        withdraw,
    },
};

#[derive(Args, Debug)]
pub struct Report {
    #[command(flatten)]
    store: Store,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Publish an edition; it never changes afterwards
    Publish {
        /// The STP's code, such as E54000041, or england
        #[arg(long, value_name = "CODE")]
        stp: String,
        /// The day on which the record is looked at
        #[arg(long, value_name = "DATE")]
        as_at: NaiveDate,
        /// [default: Engagement in AREA as at DATE]
        #[arg(long, value_name = "TITLE")]
        title: Option<String>,
    },
    /// List the editions, the newest first
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Withdraw an edition: its page then says when and why
    Withdraw {
        /// Its name in addresses, such as dorset
        slug: String,
        number: i32,
        /// Shown to everyone
        #[arg(long)]
        reason: String,
    },
}

/// An edition as `list --json` gives it.
#[derive(Serialize)]
struct Row {
    slug: String,
    number: i32,
    stp: Option<String>,
    title: String,
    as_at: NaiveDate,
    published_at: chrono::DateTime<chrono::Utc>,
    manifest_sha256: String,
    address: String,
    withdrawn_at: Option<chrono::DateTime<chrono::Utc>>,
    withdrawn_reason: Option<String>,
}

impl Report {
    pub async fn run(self) -> anyhow::Result<Outcome> {
        let app = open(&self.store).await?;
        match self.command {
            Command::Publish { stp, as_at, title } => publish(&app, &stp, as_at, title).await,
            Command::List { json } => list(&app, json).await,
            Command::Withdraw { slug, number, reason } => withdraw(&app, &slug, number, &reason).await,
        }
    }
}

async fn publish(app: &App, code: &str, as_at: NaiveDate, title: Option<String>) -> anyhow::Result<Outcome> {
    let area = if code.eq_ignore_ascii_case(ENGLAND) {
        Area::England
    } else if let Some(stp) = stp::Entity::find_by_id(code).one(app.db.read()).await? {
        Area::Stp(Box::new(stp))
    } else {
        return Ok(refuse(&format!("{code}: there is no such STP")));
    };
    if as_at > app.clock.today() {
        return Ok(refuse(&format!("--as-at: {as_at} is yet to come")));
    }
    let title = title.map(|title| title.trim().to_owned()).filter(|title| !title.is_empty());
    if title.as_ref().is_some_and(|title| title.chars().count() > LONGEST_TITLE) {
        return Ok(refuse(&format!("--title: a title has at most {LONGEST_TITLE} characters")));
    }
    let asked = Asked { area, as_at, title, by: None };
    for _ in 0..publish::TRIES {
        let prepared = publish::prepare(app, &asked).await?;
        let mut w = app.write_as(Actor::Command("report"), "command").await?;
        if publish::write(&mut w, &prepared).await? {
            w.commit().await?;
            let edition = &prepared.edition;
            println!("{} was published as {}.", edition.title, address(app, &edition.slug, edition.number));
            println!("SHA-256 of its manifest: {}", edition.manifest_sha256);
            return Ok(Outcome::Done);
        }
    }
    anyhow::bail!("other editions were published at the same time, again and again: try once more")
}

async fn list(app: &App, json: bool) -> anyhow::Result<Outcome> {
    let mut rows = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let asked = find::Asked { slug: None, after: after.as_deref() };
        let page = find::list(app.db.read(), asked).await?;
        rows.extend(page.editions.into_iter().map(|edition| row(app, edition)));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
        return Ok(Outcome::Done);
    }
    for row in rows {
        let state = if row.withdrawn_at.is_some() { "  withdrawn" } else { "" };
        println!("{} {}  as at {}  {}{state}", row.slug, row.number, row.as_at, row.title);
    }
    Ok(Outcome::Done)
}

async fn withdraw(app: &App, slug: &str, number: i32, reason: &str) -> anyhow::Result<Outcome> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > withdraw::LONGEST_REASON {
        return Ok(refuse(&format!("--reason: say why, in at most {} characters", withdraw::LONGEST_REASON)));
    }
    let mut w = app.write_as(Actor::Command("report"), "command").await?;
    match withdraw::withdraw(&mut w, slug, number, reason).await? {
        withdraw::Done::Withdrawn => {
            w.commit().await?;
            println!("{slug} {number} was withdrawn.");
            Ok(Outcome::Done)
        }
        withdraw::Done::Already => Ok(refuse(&format!("{slug} {number} was withdrawn before"))),
        withdraw::Done::Unknown => Ok(refuse(&format!("{slug} {number}: there is no such edition"))),
    }
}

fn refuse(why: &str) -> Outcome {
    eprintln!("{why}");
    Outcome::Refused
}

fn row(app: &App, edition: edition::Model) -> Row {
    Row {
        address: address(app, &edition.slug, edition.number),
        slug: edition.slug,
        number: edition.number,
        stp: edition.stp_code,
        title: edition.title,
        as_at: edition.as_at,
        published_at: edition.published_at,
        manifest_sha256: edition.manifest_sha256,
        withdrawn_at: edition.withdrawn_at,
        withdrawn_reason: edition.withdrawn_reason,
    }
}

fn address(app: &App, slug: &str, number: i32) -> String {
    format!("{}/reports/{slug}/{number}", app.config.face.base())
}
