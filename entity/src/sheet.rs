//! A spreadsheet of entries that was sent in and waits to be accepted.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A spreadsheet of entries that was sent in and waits to be accepted.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "sheets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    /// The key of the noun whose entries it lists.
    pub noun: String,
    pub file_name: String,
    pub file: Vec<u8>,
    pub user_id: Option<String>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
