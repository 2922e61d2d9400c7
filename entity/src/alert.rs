//! An address of the public that gets alerts: confirmed by its owner, and gone when they leave.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// How often somebody is written to.
    pub enum Often {
        Each = "each", "Each time something is published";
        Weekly = "weekly", "Once a week, on Monday morning";
    }
}

/// An address of the public that gets alerts.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "alerts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Lower-cased.
    #[sea_orm(unique)]
    pub address: String,
    pub often: Often,
    /// Up to when it was told of what is gathered.
    pub told_until: DateTimeUtc,
    pub confirmed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
