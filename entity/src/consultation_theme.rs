//! What people said in a consultation, and what came of it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What people said in a consultation, and what came of it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "consultation_themes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub consultation_id: String,
    pub text: String,
    pub outcome: Option<crate::theme::Outcome>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
