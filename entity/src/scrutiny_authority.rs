//! A council whose scrutiny was consulted.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A council whose scrutiny was consulted.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "scrutiny_authorities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub scrutiny_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_code: String,
    pub stp_code: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
