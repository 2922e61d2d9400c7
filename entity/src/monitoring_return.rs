//! The totals of equality monitoring for one characteristic and year.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::event_target::Characteristic;

/// The totals of equality monitoring for one characteristic and year.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "monitoring_returns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub characteristic: Characteristic,
    pub year: i32,
    pub dated_on: Date,
    /// People who did not say: the interval the words mean.
    pub not_stated_low: Option<i32>,
    pub not_stated_high: Option<i32>,
    /// As it was written.
    pub not_stated_words: Option<String>,
    pub note: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
