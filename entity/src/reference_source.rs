//! Where a set of reference facts comes from.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Where a set of reference facts comes from.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "reference_sources")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub as_of: Date,
    pub source: String,
    pub attribution: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
