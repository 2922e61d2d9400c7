//! How many letters left from an address on a day in England: what a new sender's first days are counted by.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// How many letters left from an address on a day in England.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "sending_days")]
pub struct Model {
    /// The address that mail comes from.
    #[sea_orm(primary_key, auto_increment = false)]
    pub identity: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    pub letters: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
