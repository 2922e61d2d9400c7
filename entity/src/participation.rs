//! A group's part in an event.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A group's part in an event.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "participations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_code: String,
    pub stp_code: String,
    pub took_part: bool,
    /// People invited: the interval the words mean.
    pub invited_low: Option<i32>,
    pub invited_high: Option<i32>,
    /// As it was written.
    pub invited_words: Option<String>,
    /// People who came: the interval the words mean.
    pub attended_low: Option<i32>,
    pub attended_high: Option<i32>,
    /// As it was written.
    pub attended_words: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
