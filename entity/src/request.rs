//! Something that an area asked of a body, and what was answered.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Something that an area asked of a body, and what was answered.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub body_code: String,
    /// What was asked.
    pub asked: String,
    pub sent_on: Option<Date>,
    pub response_requested: bool,
    pub replied_on: Option<Date>,
    pub reply: Option<String>,
    /// The body said that it would not answer.
    pub declined: bool,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
