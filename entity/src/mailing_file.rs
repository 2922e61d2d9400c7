//! What is in a file that goes with a mailing's letters. Its name, kind and size stand in the mailing's list.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What is in a file that goes with a mailing's letters.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "mailing_files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub mailing_id: String,
    pub content: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
