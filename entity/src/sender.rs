//! A copy of the site that may send mail: its data folder, as it was when a person or the first start armed it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A copy of the site that may send mail.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "senders")]
pub struct Model {
    /// The identity that its data folder holds.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// What tells that folder's file from a copy of it.
    pub mark: String,
    /// Letters that it has taken to send: never fewer than its data folder remembers, or the database is an older one.
    pub claimed: i64,
    pub armed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
