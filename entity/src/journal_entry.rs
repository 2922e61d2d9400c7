//! One change: who, when, what it was before and after, and the hash that chains it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One change: who, when, what it was before and after, and the hash that chains it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "journal")]
pub struct Model {
    /// Counts up from 1 without a hole.
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    pub at: DateTimeUtc,
    /// `user:<id>`, `command:<name>`, `public` or `system`.
    pub actor: String,
    pub request: String,
    pub action: String,
    pub subject_table: String,
    pub subject_id: String,
    pub stp_code: Option<String>,
    /// Canonical JSON, personal values replaced by digests.
    pub before: Option<String>,
    pub after: Option<String>,
    pub prev_hash: String,
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
