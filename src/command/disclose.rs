//! `opendoor disclose`: a record file as it may be shown. No database, no network.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use super::{Outcome, output, record_file};

#[derive(Args, Debug)]
pub struct Disclose {
    /// Record to mask
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Disclose {
    pub fn run(&self) -> anyhow::Result<Outcome> {
        let Some(record) = record_file(&self.file)? else { return Ok(Outcome::Refused) };
        let shown = method::disclose(&record).to_canonical();
        output(self.output.as_deref(), &shown).context("the record could not be written")?;
        Ok(Outcome::Done)
    }
}
