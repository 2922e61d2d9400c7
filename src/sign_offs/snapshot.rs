//! What a sign-off confirmed, as it stood: the facts of the mailing and every line of its ledger, packed.
//!
//! Lines of JSON, so that a long ledger is written and read a line at a time.

use std::io::{BufRead as _, BufReader, Write as _};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde::{Deserialize, Serialize};

use super::rows::Row;
use crate::mailings::files::File;

/// The mailing as it stood, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Who runs the site, and what the site is called.
    pub owner: String,
    pub service: String,
    pub area: String,
    pub area_code: String,
    pub mailing: String,
    pub subject: String,
    pub body: String,
    pub purpose: String,
    pub relies_on: String,
    pub state: String,
    pub text_sha256: String,
    /// The address that it comes from, and the code of its sender where that is not the settings' own.
    pub sent_from: String,
    pub sender: Option<String>,
    /// The event that it invites to, and what it says of it, as they were hashed.
    pub event: Option<(String, String)>,
    pub files: Vec<File>,
    /// Their list as it was hashed.
    pub files_hashed: String,
    pub steps: Vec<Step>,
    /// How many letters stand where.
    pub states: Vec<(String, i64)>,
    /// How many are left out for which reason.
    pub left_out: Vec<(String, i64)>,
}

/// Something that was done to the mailing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub at: DateTime<Utc>,
    pub done: String,
    pub by: String,
}

/// A snapshot in the making. It holds what is packed, and no line of it.
pub struct Packing(GzEncoder<Vec<u8>>);

impl Packing {
    pub fn new(facts: &Facts) -> anyhow::Result<Self> {
        let mut packing = Self(GzEncoder::new(Vec::new(), Compression::default()));
        packing.line(facts)?;
        Ok(packing)
    }

    pub fn add(&mut self, row: &Row) -> anyhow::Result<()> {
        self.line(row)
    }

    pub fn finish(self) -> anyhow::Result<Vec<u8>> {
        Ok(self.0.finish()?)
    }

    fn line(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        // Whole lines: packing a word at a time is slow.
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        Ok(self.0.write_all(&line)?)
    }
}

/// Opens a snapshot: the facts, and the lines one after another.
pub fn open(packed: &[u8]) -> anyhow::Result<(Facts, impl Iterator<Item = anyhow::Result<Row>>)> {
    let mut lines = BufReader::new(GzDecoder::new(packed)).lines();
    let first = lines.next().context("the snapshot is empty")??;
    let facts = serde_json::from_str(&first).context("the snapshot's facts")?;
    let rows = lines.map(|line| serde_json::from_str(&line?).context("a line of the snapshot"));
    Ok((facts, rows))
}
