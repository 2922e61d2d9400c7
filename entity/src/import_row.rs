//! What became of one row of a spreadsheet.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// What became of a row.
    pub enum Outcome {
        Created = "created", "Created";
        Planned = "planned", "Planned";
        Unchanged = "unchanged", "Unchanged";
        Skipped = "skipped", "Skipped";
        Error = "error", "Error";
    }
}

/// What became of one row of a spreadsheet.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "import_rows")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: String,
    /// The row's number in the file, the header being 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    pub external_id: Option<String>,
    pub stp_code: Option<String>,
    pub outcome: Outcome,
    pub reason: String,
    pub subject_table: Option<String>,
    pub subject_id: Option<String>,
    /// What is to be written, as JSON.
    pub draft: Option<String>,
    /// The row as it was read, as JSON.
    pub source: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
