//! Somebody typed an address and what it is to get alerts about; whether it is theirs, nobody knows yet.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A sign-up that is not confirmed. Deleted when it is, and after a day at the latest.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "alert_sign_ups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Lower-cased.
    pub address: String,
    /// What was chosen, as JSON.
    pub choices: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
