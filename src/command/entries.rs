//! `opendoor import proposals FILE --stp CODE`, and the like for every noun of the record.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches, Subcommand, error::ErrorKind};
use entity::stp;
use sea_orm::{DatabaseExecutor, EntityTrait as _};
use serde_json::{Value, json};

use super::{Outcome, import::BY, import::bytes, import::refuse, output};
use crate::{
    app::App,
    entries::{
        self, Noun, choices,
        sheet::{Becomes, Plan, apply, plan, problems_csv},
        stored,
    },
};

/// One of the nouns of the record, and the file to bring in.
#[derive(Debug)]
pub struct Sheet {
    noun: &'static str,
    bring: Bring,
}

#[derive(Args, Debug)]
struct Bring {
    /// CSV, XLSX or ODS, its columns named as an export names them
    file: PathBuf,
    /// The STP whose record it is
    #[arg(long, value_name = "CODE")]
    stp: String,
    /// Say what would become of each row, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write each problem to this file: row, column, what is wrong
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

impl FromArgMatches for Sheet {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let (name, given) = matches.subcommand().ok_or_else(|| Error::new(ErrorKind::MissingSubcommand))?;
        let noun = entries::noun(name).ok_or_else(|| Error::new(ErrorKind::InvalidSubcommand))?;
        Ok(Self { noun: noun.about().key, bring: Bring::from_arg_matches(given)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for Sheet {
    fn augment_subcommands(command: Command) -> Command {
        entries::all().iter().fold(command, |command, noun| {
            let about = noun.about();
            let one = Command::new(about.key).about(format!("Bring in {}: CSV, XLSX or ODS", about.many));
            command.subcommand(Bring::augment_args(one))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        entries::noun(name).is_some()
    }
}

impl Sheet {
    pub async fn run(self, app: &App) -> anyhow::Result<Outcome> {
        let Some(noun) = entries::noun(self.noun) else { return Ok(Outcome::Refused) };
        let plan = match self.bring.plan(app, noun).await? {
            Ok(plan) => plan,
            Err(problem) => return Ok(refuse(&problem)),
        };
        let writes = !self.bring.dry_run && plan.to_write() > 0;
        if writes {
            let mut w = app.write_as(BY, "command").await?;
            apply(noun, &mut w, &self.bring.stp, &plan).await?;
            w.commit().await?;
        }
        if let Some(file) = &self.bring.errors {
            std::fs::write(file, problems_csv(&plan)?)?;
        }
        self.bring.print(noun, &plan, writes)?;
        Ok(if plan.count(Becomes::Error) > 0 { Outcome::Refused } else { Outcome::Done })
    }
}

impl Bring {
    async fn plan(&self, app: &App, noun: &dyn Noun) -> anyhow::Result<Result<Plan, String>> {
        if stp::Entity::find_by_id(&self.stp).one(app.db.read()).await?.is_none() {
            return Ok(Err(format!("{}: there is no such STP", self.stp)));
        }
        let name = self.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (sheet, text) = match stored::open(&bytes(&self.file)?, &name) {
            Ok(read) => read,
            Err(why) => return Ok(Err(format!("{name}: {why}"))),
        };
        let db = DatabaseExecutor::from(app.db.read());
        let choices = choices::load(noun, &db, &self.stp).await?;
        let all = entries::entries(noun, &db, &self.stp).await?;
        Ok(plan(noun, &self.stp, &choices, &all, &sheet, text))
    }

    fn print(&self, noun: &dyn Noun, plan: &Plan, written: bool) -> anyhow::Result<()> {
        if self.json {
            let counts: serde_json::Map<String, Value> =
                Becomes::ALL.iter().map(|b| (b.code().to_owned(), json!(plan.count(*b)))).collect();
            let row = |row: &entries::sheet::Planned| {
                json!({
                    "row": row.row, "id": row.id, "outcome": row.becomes.code(), "title": row.title,
                    "problems": row.problems,
                })
            };
            let rows: Vec<Value> = plan.rows.iter().map(row).collect();
            let report =
                json!({ "noun": noun.about().key, "written": written, "counts": counts, "rows": rows });
            output(None, &serde_json::to_string_pretty(&report)?)?;
            return Ok(());
        }
        let mut said = Vec::new();
        for row in &plan.rows {
            said.push(format!("row {:<5}  {:<9}  {}", row.row, row.becomes.code(), row.title));
            for problem in &row.problems {
                let column = if problem.column.is_empty() { "the row" } else { &problem.column };
                said.push(format!("           {column}: {}", problem.problem));
            }
        }
        let counts: Vec<String> =
            Becomes::ALL.iter().map(|b| format!("{} {}", plan.count(*b), b.code())).collect();
        let end = match (written, self.dry_run) {
            (true, _) => "",
            (false, true) => " Nothing was written: this was a dry run.",
            (false, false) => " Nothing was written: there was nothing to write.",
        };
        said.push(format!("{} rows: {}.{end}", plan.rows.len(), counts.join(", ")));
        output(None, &said.join("\n"))?;
        Ok(())
    }
}
