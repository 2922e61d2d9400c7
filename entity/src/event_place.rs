//! A place that an event was for, or whose residents came.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A place that an event was for, or whose residents came.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "event_places")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_code: String,
    pub stp_code: String,
    /// Among the event's places, and not only counted.
    pub listed: bool,
    /// How many came from the place.
    pub count_low: Option<i32>,
    pub count_high: Option<i32>,
    /// As it was written.
    pub count_words: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
