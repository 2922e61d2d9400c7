//! A form already received: the same form again answers with the same record.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A form already received: the same form again answers with the same record.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "submissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub form_key: String,
    pub user_id: Option<String>,
    pub location: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
