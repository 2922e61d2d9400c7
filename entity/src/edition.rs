//! A published report: frozen, numbered, never changed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A published report: frozen, numbered, never changed.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "editions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// The area's name in addresses; `england` for the country.
    pub slug: String,
    pub number: i32,
    /// None for England.
    pub stp_code: Option<String>,
    pub as_at: Date,
    pub title: String,
    pub published_at: DateTimeUtc,
    pub published_by: Option<String>,
    /// The journal's last hash when it was published.
    pub journal_head: String,
    pub manifest_sha256: String,
    /// What changed since the edition before, as JSON.
    pub changes: String,
    pub withdrawn_at: Option<DateTimeUtc>,
    pub withdrawn_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
