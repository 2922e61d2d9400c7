//! Commands, one file each. Exit status: 0 done, 1 the data says no (each problem on a line of standard error),
//! 2 wrong usage, 75 not now (for mail servers).

mod assess;
mod demo;
mod disclose;
mod entries;
mod export;
mod import;
mod journal;
mod mail;
mod migrate;
mod record;
mod report;
mod routes;
mod serve;
mod user;
mod verify;

use std::{io::Write as _, path::Path, process::ExitCode, sync::Arc};

use anyhow::Context as _;

use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{app::App, chance::Chance, clock::Clock, config::Config, config::Store, db::Db};

/// Records who was consulted on England's sustainability and transformation plans, reports the gaps, emails
/// stakeholders and publishes engagement reports
#[derive(Parser, Debug)]
#[command(name = "opendoor", version, max_term_width = 100)]
pub struct Cli {
    /// What to log to standard error, such as info, debug or opendoor=debug
    #[arg(long, env = "OPENDOOR_LOG", default_value = "warn", global = true, value_name = "FILTER")]
    log: String,
    /// Log as JSON, a line an entry
    #[arg(long, env = "OPENDOOR_LOG_JSON", global = true)]
    log_json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Serve the site, and work off the queue
    Serve(serve::Serve),
    /// Work off the queue alone
    Work(serve::Work),
    /// Make a demonstration with the real log in it, and serve it
    Demo(demo::Demo),
    /// Add, list, disable and reset accounts
    User(user::User),
    /// Bring in a spreadsheet, list what was brought in, or undo it
    Import(import::Import),
    /// Write a list of the record as a spreadsheet
    Export(export::Export),
    /// Take in mail that came back
    Mail(mail::Mail),
    /// Check that the journal is whole
    Journal(journal::Journal),
    /// Write the record as the database holds it
    Record(record::Record),
    /// Mask a record file as it may be shown
    Disclose(disclose::Disclose),
    /// Run the method on a record file
    Assess(assess::Assess),
    /// Publish, list and withdraw editions of reports
    Report(report::Report),
    /// Check a published edition and work it out again: no database is opened
    Verify(verify::Verify),
    /// Bring the database's tables up to date
    Migrate(migrate::Migrate),
    /// List every address with who may use it
    Routes(routes::Routes),
}

/// How a command ended, short of a fault of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done: 0.
    Done,
    /// The data says no: 1. What is wrong has been printed.
    Refused,
    /// Not now: 75, as mail servers know it (`EX_TEMPFAIL`). Why has been printed.
    Later,
}

impl Cli {
    /// Runs the command and says how it ended.
    pub fn run(self) -> ExitCode {
        self.trace();
        let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => {
                eprintln!("opendoor: cannot start: {error}");
                return ExitCode::FAILURE;
            }
        };
        match runtime.block_on(self.command.run()) {
            Ok(Outcome::Done) => ExitCode::SUCCESS,
            Ok(Outcome::Refused) => ExitCode::FAILURE,
            Ok(Outcome::Later) => ExitCode::from(75),
            Err(error) => {
                eprintln!("opendoor: {error:#}");
                ExitCode::FAILURE
            }
        }
    }

    fn trace(&self) {
        let filter = EnvFilter::try_new(&self.log).unwrap_or_else(|_| EnvFilter::new("warn"));
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
        if self.log_json { log.json().init() } else { log.init() }
    }
}

impl Command {
    async fn run(self) -> anyhow::Result<Outcome> {
        match self {
            Self::Serve(command) => command.run().await,
            Self::Work(command) => command.run().await,
            Self::Demo(command) => command.run().await,
            Self::User(command) => command.run().await,
            Self::Import(command) => command.run().await,
            Self::Export(command) => command.run().await,
            Self::Mail(command) => command.run().await,
            Self::Journal(command) => command.run().await,
            Self::Record(command) => command.run().await,
            Self::Disclose(command) => command.run(),
            Self::Assess(command) => command.run(),
            Self::Report(command) => command.run().await,
            Self::Verify(command) => command.run().await,
            Self::Migrate(command) => command.run().await,
            Self::Routes(command) => command.run().await,
        }
    }
}

/// Reads a record from a file (`-` is standard input). Nothing where it is not a valid record: then each problem has been
/// printed on a line of standard error, with the way to it.
fn record_file(file: &Path) -> anyhow::Result<Option<method::Record>> {
    let bytes = if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    let bytes = bytes.with_context(|| format!("{} could not be read", file.display()))?;
    match method::Record::parse(&bytes) {
        Ok(record) => Ok(Some(record)),
        Err(problems) => {
            for problem in problems {
                eprintln!("{problem}");
            }
            Ok(None)
        }
    }
}

/// Writes a text with a line end to a file, or to standard output where none is named.
fn output(file: Option<&Path>, text: &str) -> std::io::Result<()> {
    let end = if text.ends_with('\n') { "" } else { "\n" };
    match file {
        Some(file) => std::fs::write(file, format!("{text}{end}")),
        // Whoever reads may have read enough.
        None => match write!(std::io::stdout().lock(), "{text}{end}") {
            Err(why) if why.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        },
    }
}

/// Opens the database of `store`, its tables up to date, and puts an app on it: for commands.
pub async fn open(store: &Store) -> anyhow::Result<Arc<App>> {
    open_as(Config::defaults(store.clone())).await
}

/// The same with every setting given.
pub async fn open_as(config: Config) -> anyhow::Result<Arc<App>> {
    if config.store.database_url.is_none() {
        std::fs::create_dir_all(&config.store.data).map_err(|e| {
            anyhow::anyhow!("the data folder {} cannot be made: {e}", config.store.data.display())
        })?;
    }
    let db = Db::open(&config.store.url()).await?;
    db.migrate().await?;
    App::new(db, Clock::System, Chance::system(Clock::System), config)
}
