//! A source or document that shows that something took place.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A source or document that shows that something took place.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "evidence")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub event_id: Option<String>,
    pub consultation_id: Option<String>,
    pub url: String,
    pub source_type: Option<String>,
    pub note: Option<String>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
