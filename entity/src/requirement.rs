//! What an area has promised a group, or why the group is left out for now.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What an area has promised a group, or why the group is left out for now.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "requirements")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub group_code: String,
    pub planned_level: Option<i32>,
    pub waiver_reason: Option<String>,
    /// An office, not a name.
    pub waiver_by: Option<String>,
    pub waiver_made_on: Option<Date>,
    pub waiver_until: Option<Date>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
