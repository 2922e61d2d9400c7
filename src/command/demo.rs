//! `opendoor demo`: the product with the real log in it, ready to be tried.
//!
//! ```text
//! fresh folder ─► marker ─► tables, the 44 STPs ─► accounts ─► plans, log (import) ─► duty-holders' addresses
//!              ─► two editions ─► report of what became of each row ─► serve
//! ```
//!
//! Each step does nothing when it was done before, so that a demonstration that was stopped goes on where it was.
//! Mail goes into the folder, never out: the addresses are of a domain that cannot receive any.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Args;
use entity::{
    body, body::Office, duty_holder, edition, import::Noun, import_row::Outcome as Became, stakeholder, stp,
    user::Role,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _};

use super::{Outcome, open_as, serve};
use crate::{
    app::App,
    auth::users::{self, NewUser},
    config::{Config, Store},
    import::{
        bring::bring, check::Report, draft::Draft as Row, map::Map, plans, progress::Progress, upload::Upload,
    },
    journal::Actor,
    reports::publish,
    stakeholders::{self, Draft},
};

const LOG: &[u8] = include_bytes!("../../data/engagement-log/events.csv");
const PLANS: &[u8] = include_bytes!("../../data/engagement-log/plans.csv");
/// Says that a folder is a demonstration's.
const MARKER: &str = "this-is-a-demonstration.txt";
/// What became of each row of the log.
const REPORT: &str = "import-report.csv";
const BY: Actor = Actor::Command("demo");
/// Everybody's password: nothing in a demonstration is worth guarding.
const PASSWORD: &str = "open the door";

const DORSET: &str = "E54000041";
const DEVON: &str = "E54000037";

#[derive(Args, Debug)]
pub struct Demo {
    /// Folder to make the demonstration in: new, empty, or a demonstration's already
    #[arg(long, env = "OPENDOOR_DATA", default_value = ".demo", value_name = "DIR")]
    data: PathBuf,
    /// Address and port to serve on
    #[arg(long, env = "OPENDOOR_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Make the demonstration and end, without serving it
    #[arg(long)]
    no_serve: bool,
}

impl Demo {
    pub async fn run(self) -> anyhow::Result<Outcome> {
        if let Err(refusal) = take(&self.data) {
            eprintln!("{refusal:#}");
            return Ok(Outcome::Refused);
        }
        let mut config = Config::defaults(Store { data: self.data.clone(), database_url: None });
        config.face.listen = self.listen;
        let app = open_as(config).await?;
        let accounts = accounts(&app).await?;
        plans_published(&app).await?;
        let report = log(&app).await?;
        let path = self.data.join(REPORT);
        write(&path, &report)?;
        duty_holders(&app).await?;
        editions(&app).await?;

        let count = |outcome| report.count(outcome);
        println!(
            "The engagement log has {} rows: {} created, {} planned, {} unchanged, {} skipped, {} in error.",
            report.rows.len(),
            count(Became::Created),
            count(Became::Planned),
            count(Became::Unchanged),
            count(Became::Skipped),
            count(Became::Error),
        );
        println!("What became of each is in {}.", path.display());
        println!("\nSign in at http://{}/sign-in with the password: {PASSWORD}", self.listen);
        for (email, what) in accounts {
            println!("  {email:<28} {what}");
        }
        println!(
            "Mail is kept in {} and shown to staff under Mailings; none leaves.\n",
            self.data.join("mailbox").display()
        );
        if self.no_serve {
            return Ok(Outcome::Done);
        }
        serve::serve(app, true).await
    }
}

/// Takes a folder for a demonstration. Refuses one that holds anything else.
fn take(folder: &Path) -> anyhow::Result<()> {
    let marker = folder.join(MARKER);
    if marker.is_file() {
        return Ok(());
    }
    let holds = folder.exists()
        && std::fs::read_dir(folder)
            .with_context(|| format!("{} cannot be read", folder.display()))?
            .next()
            .is_some();
    anyhow::ensure!(
        !holds,
        "{} holds something else. Name a new folder: opendoor demo --data DIR",
        folder.display()
    );
    std::fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    let text = "This folder holds a demonstration of Open Door. It can be removed at any time.\n";
    std::fs::write(&marker, text).with_context(|| format!("{} cannot be written", marker.display()))
}

/// One account a role, and an officer of a second STP. Gives their emails and what each is.
async fn accounts(app: &App) -> anyhow::Result<Vec<(&'static str, &'static str)>> {
    let all: [(&str, &str, Role, &[&str]); 7] = [
        ("officer.dorset@example.org", "engagement officer, Dorset", Role::Officer, &[DORSET]),
        ("officer.devon@example.org", "engagement officer, Devon", Role::Officer, &[DEVON]),
        ("lead.dorset@example.org", "programme lead, Dorset and Devon", Role::Lead, &[DORSET, DEVON]),
        ("approver.dorset@example.org", "approver, Dorset", Role::Approver, &[DORSET]),
        ("region.south@example.org", "regional body: reads all", Role::Region, &[]),
        (
            "national@example.org",
            "national body: reads all, publishes England's reports",
            Role::National,
            &[],
        ),
        ("admin@example.org", "administrator", Role::Admin, &[]),
    ];
    for (email, what, role, stps) in all {
        if users::by_email(app.db.read(), email).await?.is_some() {
            continue;
        }
        let name = what.split([',', ':']).next().unwrap_or(what);
        let mut w = app.write_as(BY, "demo").await?;
        let new = NewUser {
            email: email.to_owned(),
            name: format!("{}{}", name[..1].to_uppercase(), &name[1..]),
            role,
            stps: stps.iter().map(|&code| code.to_owned()).collect(),
            password: PASSWORD.to_owned(),
        };
        users::add(&mut w, &app.chance, new).await?;
        w.commit().await?;
    }
    Ok(all.map(|(email, what, ..)| (email, what)).to_vec())
}

/// When each plan was made public.
async fn plans_published(app: &App) -> anyhow::Result<()> {
    let plans = plans::read(PLANS).map_err(anyhow::Error::msg)?;
    let mut w = app.write_as(BY, "demo").await?;
    if plans::write(&mut w, &plans).await? > 0 {
        w.commit().await?;
    }
    Ok(())
}

/// The log, by the map that comes with it. Where every row is there already, nothing is written.
async fn log(app: &App) -> anyhow::Result<Report> {
    let upload = Upload {
        noun: Noun::Events,
        stp: None,
        file_name: "events.csv".to_owned(),
        file: LOG.to_vec(),
        map: Map::own("engagement-log").context("the log's map comes with the product")?,
    };
    let brought = bring(app, upload, &BY, &Progress::Nobody).await?.map_err(anyhow::Error::msg)?;
    Ok(brought.report)
}

fn write(path: &Path, report: &Report) -> anyhow::Result<()> {
    let mut csv =
        csv::Writer::from_path(path).with_context(|| format!("{} cannot be written", path.display()))?;
    csv.write_record(["row", "id", "stp", "outcome", "what became of it", "table", "record"])?;
    for row in &report.rows {
        let (table, record) = row.draft.as_ref().map_or(("", ""), Row::subject);
        csv.write_record([
            &row.position.to_string(),
            row.external_id.as_deref().unwrap_or_default(),
            row.stp.as_deref().unwrap_or_default(),
            row.outcome.code(),
            &row.reason,
            table,
            record,
        ])?;
    }
    csv.flush().with_context(|| format!("{} cannot be written", path.display()))
}

/// The bodies that Dorset and Devon must talk to, as stakeholders that can be written to.
async fn duty_holders(app: &App) -> anyhow::Result<()> {
    for code in [DORSET, DEVON] {
        let known = stakeholder::Entity::find().filter(stakeholder::Column::StpCode.eq(code));
        if known.count(app.db.read()).await? > 0 {
            continue;
        }
        let held = duty_holder::Entity::find()
            .filter(duty_holder::Column::StpCode.eq(code))
            .all(app.db.read())
            .await?;
        let codes: Vec<String> = held.into_iter().map(|held| held.body_code).collect();
        let bodies = body::Entity::find()
            .filter(body::Column::Code.is_in(codes))
            .order_by_asc(body::Column::Code)
            .all(app.db.read())
            .await?;
        let mut w = app.write_as(BY, "demo").await?;
        for body in bodies {
            let Some(group) = body.office.map(group_of) else { continue };
            let draft = Draft {
                group_code: group.to_owned(),
                name: None,
                organisation: Some(body.name),
                role: None,
                email: Some(format!("{}@example.org", body.code.to_lowercase())),
                notes: None,
                basis: "A body that the plan must talk to; the address is the demonstration's own".to_owned(),
                wording: None,
                obtained_on: None,
                evidence: None,
                confirmed_on: None,
                place_code: None,
                topics: Vec::new(),
            };
            stakeholders::create(&mut w, code, &draft, stakeholders::Origin::default()).await?;
        }
        w.commit().await?;
    }
    Ok(())
}

/// The group whose office a body holds.
fn group_of(office: Office) -> &'static str {
    match office {
        Office::Council => "LA-OFF",
        Office::Scrutiny => "LA-HSC",
        Office::WellbeingBoard => "LA-HWB",
        Office::Healthwatch => "PP-HWT",
        Office::Ccg => "XP-CCG",
        Office::Trust => "XP-PRV",
    }
}

/// A first edition for Dorset and for England, as at the end of the log.
async fn editions(app: &App) -> anyhow::Result<()> {
    let end = NaiveDate::from_ymd_opt(2018, 12, 31).context("a day")?;
    let dorset =
        stp::Entity::find_by_id(DORSET).one(app.db.read()).await?.context("Dorset is among the 44")?;
    if edition::Entity::find().count(app.db.read()).await? > 0 {
        return Ok(());
    }
    for area in [publish::Area::Stp(Box::new(dorset)), publish::Area::England] {
        let asked = publish::Asked { area, as_at: end, title: None, by: None };
        let prepared = publish::prepare(app, &asked).await?;
        let mut w = app.write_as(BY, "demo").await?;
        if publish::write(&mut w, &prepared).await? {
            w.commit().await?;
        }
    }
    Ok(())
}
