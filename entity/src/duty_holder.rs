//! A body that holds a duty in an area.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A body that holds a duty in an area.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "duty_holders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub stp_code: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub body_code: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
