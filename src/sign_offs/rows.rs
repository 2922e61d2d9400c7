//! A ledger's lines: as the CSV has them, and as they are hashed.
//!
//! ```text
//! delivery ─► Row ─┬─► cells: a line of deliveries.csv
//!                  └─► line: some of those cells as a JSON array ─► Digest: SHA-256 of all lines, in order of identity
//! ```
//!
//! What is hashed is made of the CSV's cells alone, so whoever holds the file can work the digest out again.

use chrono::{DateTime, Utc};
use entity::delivery::{self, State};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    export::{Cell, Column, Kind, csv},
    mailings::{find, merge::Values},
};

/// How a line of the digest is made, in words.
pub const SHAPE: &str = "For each line of deliveries.csv, in order of delivery_id, write a JSON array of eleven texts, \
    without spaces, letters beyond ASCII as they are: delivery_id, stakeholder_id, the SHA-256 of email in \
    hexadecimal (of nothing where there is none), state, reason, text_sha256, message_id, server_answer, tries, \
    first_tried_at, changed_at; each as the cell has it, in UTF-8, an empty cell as an empty text. End each array \
    with a line feed. The SHA-256 of all of them together is the digest of the ledger.";

/// One line of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub id: String,
    pub stakeholder: Option<String>,
    pub name: Option<String>,
    pub organisation: Option<String>,
    pub group: Option<String>,
    pub address: Option<String>,
    pub state: State,
    pub reason: Option<String>,
    pub answer: Option<String>,
    pub tries: i32,
    pub first_tried: Option<DateTime<Utc>>,
    pub changed: DateTime<Utc>,
    pub message_id: Option<String>,
    pub text_sha256: Option<String>,
}

impl From<delivery::Model> for Row {
    fn from(row: delivery::Model) -> Self {
        let values: Values = serde_json::from_str(&row.merge).unwrap_or_default();
        Self {
            id: row.id,
            stakeholder: row.stakeholder_id,
            name: row.display_name,
            organisation: values.organisation,
            group: values.group,
            // What stands in for an address is none.
            address: Some(row.address).filter(|address| !address.starts_with("none:")),
            state: row.state,
            reason: row.reason,
            answer: row.server_answer,
            tries: row.attempts,
            first_tried: row.first_tried_at,
            changed: row.updated_at,
            message_id: row.message_id,
            text_sha256: row.text_sha256,
        }
    }
}

/// The columns of the CSV.
pub fn columns() -> Vec<Column> {
    let column = |key: &str, title: &str, kind| Column::new(key, title, kind);
    vec![
        column("delivery_id", "Delivery", Kind::Text),
        column("name", "Person or office", Kind::Text),
        column("organisation", "Organisation", Kind::Text),
        column("group", "Group", Kind::Text),
        column("email", "Email address", Kind::Text),
        column("state", "State, as a code", Kind::Text),
        column("state_words", "State", Kind::Text),
        column("reason", "Why it was left out, or waits", Kind::Text),
        column("server_answer", "The mail server's answer", Kind::Text),
        column("tries", "How often it was tried", Kind::Number),
        column("changed_at", "When its state last changed, UTC", Kind::Text),
        column("message_id", "Message-ID of the letter", Kind::Text),
        column("text_sha256", "SHA-256 of its subject and text, filled in", Kind::Text),
        column("first_tried_at", "When it was tried first, UTC", Kind::Text),
        column("stakeholder_id", "Stakeholder", Kind::Text),
        column("sent_from", "Address that it comes from", Kind::Text),
    ]
}

impl Row {
    /// A line of the CSV, in the order of its columns; `from` is the address that its mailing comes from.
    pub fn cells(&self, from: &str) -> Vec<Cell> {
        let text = |text: &Option<String>| Cell::text(text.clone().unwrap_or_default());
        vec![
            Cell::text(&self.id),
            text(&self.name),
            text(&self.organisation),
            text(&self.group),
            text(&self.address),
            Cell::text(self.state.code()),
            Cell::text(self.state.name()),
            text(&self.reason),
            text(&self.answer),
            Cell::count(usize::try_from(self.tries).unwrap_or_default()),
            Cell::text(written(self.changed)),
            text(&self.message_id),
            text(&self.text_sha256),
            Cell::text(self.first_tried.map(written).unwrap_or_default()),
            text(&self.stakeholder),
            Cell::text(from),
        ]
    }

    /// The line as it is hashed: see [`SHAPE`].
    pub fn line(&self) -> String {
        let cell = |text: Option<&str>| csv::harmless(text.unwrap_or_default());
        let address = cell(self.address.as_deref());
        let first = self.first_tried.map(written);
        let line = [
            cell(Some(&self.id)),
            cell(self.stakeholder.as_deref()),
            hex::encode(Sha256::digest(address)),
            self.state.code().to_owned(),
            cell(self.reason.as_deref()),
            cell(self.text_sha256.as_deref()),
            cell(self.message_id.as_deref()),
            cell(self.answer.as_deref()),
            self.tries.to_string(),
            cell(first.as_deref()),
            written(self.changed),
        ];
        let mut line = serde_json::json!(line).to_string();
        line.push('\n');
        line
    }
}

fn written(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A ledger's digest in the making.
#[derive(Clone, Debug, Default)]
pub struct Digest {
    sha256: Sha256,
    /// How many lines it has seen.
    pub rows: usize,
}

impl Digest {
    pub fn add(&mut self, row: &Row) {
        self.sha256.update(row.line());
        self.rows += 1;
    }

    pub fn finish(self) -> String {
        hex::encode(self.sha256.finalize())
    }
}

/// Reads a mailing's ledger line by line, in order of identity: only a page of it is held at a time.
pub async fn each(
    conn: &impl ConnectionTrait,
    mailing: &str,
    mut take: impl FnMut(Row) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut after: Option<String> = None;
    loop {
        let rows = find::next(conn, mailing, after.as_deref()).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after = Some(last.id.clone());
        for row in rows {
            take(row.into())?;
        }
    }
}
