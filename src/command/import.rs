//! `opendoor import events | stakeholders | proposals … | plans | list | undo`.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use entity::{
    import::{Noun, State},
    import_row,
    import_row::Outcome as Became,
    stp,
};
use indicatif::{ProgressBar, ProgressStyle};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use super::{Outcome, open, output};
use crate::{
    app::App,
    config::Store,
    import::{
        bring::{Brought, bring, step},
        check::{self, Report},
        draft::{Checked, Draft},
        errors::{self, Errors, Problem},
        find,
        map::Map,
        plans,
        progress::Progress,
        sheet,
        upload::Upload,
    },
    journal::Actor,
};

#[derive(Args, Debug)]
pub struct Import {
    #[command(flatten)]
    store: Store,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Bring in a log of events: CSV, XLSX or ODS
    Events(Bring),
    /// Bring in a list of stakeholders: CSV, XLSX or ODS
    Stakeholders(Bring),
    #[command(flatten)]
    Entries(super::entries::Sheet),
    /// Bring in when each plan was made public: CSV
    Plans { file: PathBuf },
    /// List the latest imports
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Take away what an import brought, but for what was changed since
    Undo {
        /// The import, as the list names it
        id: String,
    },
}

#[derive(Args, Debug)]
struct Bring {
    file: PathBuf,
    /// The one STP that all rows are of; rows of another are refused
    #[arg(long, value_name = "CODE")]
    stp: Option<String>,
    /// How to read it: a file, or a map that comes with the product (events, stakeholders, engagement-log)
    #[arg(long, value_name = "MAP")]
    map: Option<String>,
    /// Say what would become of each row, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write the rows that cannot be imported to this file, each with its problem
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

pub(super) const BY: Actor = Actor::Command("import");

impl Import {
    pub async fn run(self) -> anyhow::Result<Outcome> {
        let app = open(&self.store).await?;
        match self.command {
            Command::Events(bring) => bring.run(&app, Noun::Events).await,
            Command::Stakeholders(bring) => bring.run(&app, Noun::Stakeholders).await,
            Command::Entries(sheet) => sheet.run(&app).await,
            Command::Plans { file } => bring_plans(&app, &file).await,
            Command::List { json } => list(&app, json).await,
            Command::Undo { id } => undo(&app, &id).await,
        }
    }
}

impl Bring {
    async fn run(self, app: &App, noun: Noun) -> anyhow::Result<Outcome> {
        let upload = match self.upload(app, noun).await? {
            Ok(upload) => upload,
            Err(problem) => return Ok(refuse(&problem)),
        };
        let bar = bar("Reading");
        let brought = if self.dry_run {
            let report = check::dry(app, upload, &Progress::Bar(&bar)).await?;
            report.map(|report| Brought { id: None, report })
        } else {
            bring(app, upload, &BY, &Progress::Bar(&bar)).await?
        };
        bar.finish_and_clear();
        let Brought { id, report } = match brought {
            Ok(brought) => brought,
            Err(problem) => return Ok(refuse(&problem)),
        };
        let rows = rows(&report);
        self.print(noun, id.as_deref(), &rows)?;
        if let Some(file) = &self.errors {
            std::fs::write(file, refused_rows(noun, &report)?)
                .with_context(|| format!("{} could not be written", file.display()))?;
        }
        Ok(if rows.iter().any(|row| row.outcome == Became::Error) { Outcome::Refused } else { Outcome::Done })
    }

    async fn upload(&self, app: &App, noun: Noun) -> anyhow::Result<Result<Upload, String>> {
        if let Some(code) = &self.stp
            && stp::Entity::find_by_id(code).one(app.db.read()).await?.is_none()
        {
            return Ok(Err(format!("{code}: there is no such STP")));
        }
        let map = match &self.map {
            None => Map::plain(noun),
            Some(name) => match Map::own(name) {
                Some(map) => map,
                None => match Map::parse(&text(Path::new(name))?) {
                    Ok(map) => map,
                    Err(problem) => return Ok(Err(format!("{name}: {problem}"))),
                },
            },
        };
        if map.noun != noun {
            return Ok(Err(format!("the map {} is for {}", map.name, map.noun.code())));
        }
        let name = self.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let file = bytes(&self.file)?;
        Ok(Ok(Upload { noun, stp: self.stp.clone(), file_name: name, file, map }))
    }

    fn print(&self, noun: Noun, id: Option<&str>, rows: &[import_row::Model]) -> anyhow::Result<()> {
        let count = |outcome: &Became| rows.iter().filter(|row| row.outcome == *outcome).count();
        if self.json {
            let counts: serde_json::Map<String, Value> = Became::ALL
                .iter()
                .map(|outcome| (outcome.code().to_owned(), json!(count(outcome))))
                .collect();
            let rows: Vec<Value> = rows
                .iter()
                .map(|row| {
                    json!({
                        "row": row.position, "id": row.external_id, "stp": row.stp_code, "outcome": row.outcome,
                        "reason": row.reason, "table": row.subject_table, "record": row.subject_id,
                    })
                })
                .collect();
            let report = json!({ "import": id, "noun": noun, "counts": counts, "rows": rows });
            output(None, &serde_json::to_string_pretty(&report)?)?;
            return Ok(());
        }
        let mut said = Vec::new();
        for row in rows {
            let name = row.external_id.as_deref().filter(|id| !id.starts_with("row-"));
            let name = name.map_or_else(|| format!("row {}", row.position), str::to_owned);
            said.push(format!("{name:<10}  {:<9}  {}", row.outcome.code(), row.reason));
        }
        let counts: Vec<String> = Became::ALL
            .iter()
            .map(|outcome| format!("{} {}", count(outcome), outcome.name().to_lowercase()))
            .collect();
        let end = match id {
            Some(id) => format!("Import {id}."),
            None if self.dry_run => "Nothing was written: this was a dry run.".to_owned(),
            None => "Nothing was written: there was nothing to write.".to_owned(),
        };
        said.push(format!("{} rows: {}. {end}", rows.len(), counts.join(", ")));
        output(None, &said.join("\n"))?;
        Ok(())
    }
}

async fn undo(app: &App, id: &str) -> anyhow::Result<Outcome> {
    let Some(import) = find::one(app.db.read(), id).await? else {
        return Ok(refuse(&format!("{id}: there is no such import")));
    };
    if import.state != State::Accepted {
        return Ok(refuse(&format!(
            "{id}: only an accepted import can be undone; this one is {}",
            import.state.code()
        )));
    }
    let bar = bar("Undoing");
    step(app, id, State::Accepted, State::Undoing, &BY, &Progress::Bar(&bar)).await?;
    bar.finish_and_clear();
    println!("The import of {} is undone.", import.file_name);
    if let Some(left) = find::one(app.db.read(), id).await?.and_then(|after| after.problem) {
        println!("{left}.");
    }
    Ok(Outcome::Done)
}

async fn list(app: &App, as_json: bool) -> anyhow::Result<Outcome> {
    let imports = find::list(app.db.read(), None).await?;
    if as_json {
        let rows: Vec<Value> = imports
            .iter()
            .map(|import| {
                json!({
                    "id": import.id, "noun": import.noun, "stp": import.stp_code, "file": import.file_name,
                    "map": import.map_name, "state": import.state, "rows": import.rows_total, "created": import.n_created,
                    "planned": import.n_planned, "unchanged": import.n_unchanged, "skipped": import.n_skipped,
                    "error": import.n_error, "created_at": import.created_at, "accepted_at": import.accepted_at,
                    "undone_at": import.undone_at,
                })
            })
            .collect();
        output(None, &serde_json::to_string_pretty(&rows)?)?;
        return Ok(Outcome::Done);
    }
    for import in imports {
        println!(
            "{}  {:<9}  {:<12}  {} rows  {}",
            import.id,
            import.state.code(),
            import.noun.code(),
            import.rows_total,
            import.file_name
        );
    }
    Ok(Outcome::Done)
}

async fn bring_plans(app: &App, file: &Path) -> anyhow::Result<Outcome> {
    let plans = match plans::read(&bytes(file)?) {
        Ok(plans) => plans,
        Err(problem) => return Ok(refuse(&problem)),
    };
    let mut w = app.write_as(BY, "command").await?;
    let changed = plans::write(&mut w, &plans).await?;
    if changed > 0 {
        w.commit().await?;
    }
    println!("{} rows: {changed} STPs changed, {} unchanged.", plans.len(), plans.len() - changed);
    Ok(Outcome::Done)
}

/// The report's rows as they would be kept.
fn rows(report: &Report) -> Vec<import_row::Model> {
    let row = |checked: &Checked| {
        let subject = checked.draft.as_ref().map(Draft::subject);
        import_row::Model {
            import_id: String::new(),
            position: i32::try_from(checked.position).unwrap_or(i32::MAX),
            external_id: checked.external_id.clone(),
            stp_code: checked.stp.clone(),
            outcome: checked.outcome,
            reason: checked.reason.clone(),
            subject_table: subject.map(|(table, _)| table.to_owned()),
            subject_id: subject.map(|(_, id)| id.to_owned()),
            draft: None,
            source: String::new(),
        }
    };
    report.rows.iter().map(row).collect()
}

/// The rows that could not be imported, as a file.
fn refused_rows(noun: Noun, report: &Report) -> anyhow::Result<Vec<u8>> {
    let mut out = Errors::default();
    for (checked, row) in report.rows.iter().zip(&report.sheet.rows) {
        if checked.outcome != Became::Error {
            continue;
        }
        let cells = report.sheet.header.iter().cloned().zip(row.cells.iter().cloned());
        let cells = if errors::repeats_rows(noun) { cells.collect() } else { Vec::new() };
        out.add(&Problem { position: checked.position, reason: &checked.reason, cells })?;
    }
    out.finish()
}

/// A bar on a terminal; nothing where there is none.
fn bar(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} {bar:40} {pos} of {len}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style).with_message(what)
}

pub(super) fn refuse(problem: &str) -> Outcome {
    eprintln!("{problem}");
    Outcome::Refused
}

pub(super) fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    let why = || format!("{} could not be read", file.display());
    let size = std::fs::metadata(file).with_context(why)?.len();
    // One byte more than is allowed is enough to be refused for.
    if size > sheet::BYTES as u64 {
        return Ok(vec![0; sheet::BYTES + 1]);
    }
    std::fs::read(file).with_context(why)
}

fn text(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file)
        .with_context(|| format!("{} is neither a map of ours nor a file that can be read", file.display()))
}
