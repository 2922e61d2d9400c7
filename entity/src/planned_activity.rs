//! How many events an area plans for a group in a quarter.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// How many events an area plans for a group in a quarter.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "planned_activities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub group_code: String,
    pub year: i32,
    /// 1 to 4, of the calendar year.
    pub quarter: i32,
    /// How many events.
    pub events: i32,
    pub note: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
