//! `opendoor assess`: the method on a record file. No database, no network.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::{Args, ValueEnum};

use super::{Outcome, output, record_file};

#[derive(Args, Debug)]
pub struct Assess {
    /// Record to assess; it is disclosed first
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Day to look at it: facts dated later do not exist for it
    #[arg(long, value_name = "DATE")]
    as_at: NaiveDate,
    /// How to write the assessment
    #[arg(long, default_value = "json", value_enum)]
    format: Format,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Canonical JSON
    Json,
    /// A report to read
    Text,
    /// A table of all findings
    Csv,
}

impl Assess {
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let Some(record) = record_file(&self.file)? else { return Ok(Outcome::Refused) };
        let assessment = method::assess(&record, self.as_at);
        let text = match self.format {
            Format::Json => assessment.to_json(),
            Format::Text => assessment.to_text(),
            Format::Csv => assessment.to_csv(),
        };
        output(self.output.as_deref(), &text).context("the assessment could not be written")?;
        Ok(Outcome::Done)
    }
}
