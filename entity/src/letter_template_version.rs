//! A letter template as it once was.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::mailing::Purpose;

/// A letter template as it once was, or is.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "letter_template_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub letter_template_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub name: String,
    pub subject: String,
    pub body_text: String,
    pub purpose: Purpose,
    pub written_by: String,
    pub written_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
