//! An address that left alerts, as a digest that nobody can make without the key: nothing else of it is kept.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// An address that left alerts, as a digest.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "alert_departures")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub address_digest: String,
    pub left_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
