//! A choice of stakeholders that an area has saved under a name: a query, run when it is used.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A choice of stakeholders that an area has saved under a name: a query, run when it is used.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "audiences")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub name: String,
    /// As JSON.
    pub query: String,
    /// When it was taken off the list; who wrote to it stays on record.
    pub removed_at: Option<DateTimeUtc>,
    pub version: i32,
    pub created_by: String,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
