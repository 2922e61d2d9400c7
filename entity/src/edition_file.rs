//! A file of an edition, byte for byte as it was published.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A file of an edition, byte for byte as it was published.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "edition_files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub edition_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
    pub sha256: String,
    pub size: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
