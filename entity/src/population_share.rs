//! What share of the residents is in a category.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::event_target::Characteristic;

/// What share of the residents is in a category.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "population_shares")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub characteristic: Characteristic,
    pub category: String,
    /// The share of all residents, in millionths.
    pub share_millionths: i64,
    /// Where the figure comes from.
    pub source: String,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
