//! How many people gave one answer.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// How many people gave one answer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "monitoring_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub return_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub category: String,
    pub stp_code: String,
    pub position: i32,
    /// People who gave it: the interval the words mean.
    pub count_low: Option<i32>,
    pub count_high: Option<i32>,
    /// As it was written.
    pub count_words: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
