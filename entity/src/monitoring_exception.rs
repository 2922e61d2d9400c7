//! Why an area does not monitor a characteristic.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::event_target::Characteristic;

/// Why an area does not monitor a characteristic.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "monitoring_exceptions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub characteristic: Characteristic,
    pub reason: String,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
