//! A personal value that the chain holds only a salted digest of.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// Which of the two sides of a change the value is on.
    pub enum Side {
        Before = "before", "Before";
        After = "after", "After";
    }
}

/// A personal value that the chain holds only a salted digest of.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "journal_values")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub side: Side,
    #[sea_orm(primary_key, auto_increment = false)]
    pub field: String,
    pub salt: String,
    pub value: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
