//! A spreadsheet brought in: checked, then accepted, then perhaps undone.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// What the rows are.
    pub enum Noun {
        Events = "events", "Events";
        Stakeholders = "stakeholders", "Stakeholders";
    }
}

words! {
    /// How far an import has come.
    pub enum State {
        Checking = "checking", "Being checked";
        Checked = "checked", "Checked";
        Accepting = "accepting", "Being accepted";
        Accepted = "accepted", "Accepted";
        Undoing = "undoing", "Being undone";
        Undone = "undone", "Undone";
        Failed = "failed", "Failed";
    }
}

/// A spreadsheet brought in: checked, then accepted, then perhaps undone.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub noun: Noun,
    /// The one area that the rows must be of; none for a national import.
    pub stp_code: Option<String>,
    pub file_name: String,
    pub sha256: String,
    pub map_name: String,
    /// The map as it was when the file was read.
    pub map: String,
    pub state: State,
    pub rows_total: i32,
    pub rows_done: i32,
    pub n_created: i32,
    pub n_planned: i32,
    pub n_unchanged: i32,
    pub n_skipped: i32,
    pub n_error: i32,
    /// What stopped it, in words for the person who started it.
    pub problem: Option<String>,
    pub user_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub accepted_at: Option<DateTimeUtc>,
    pub undone_at: Option<DateTimeUtc>,
    /// The bytes as they were sent.
    pub file: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
