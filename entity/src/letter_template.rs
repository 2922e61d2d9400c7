//! A letter that is kept to be written again: a subject, a text and a purpose under a name.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::mailing::Purpose;

/// A letter that is kept to be written again: a subject, a text and a purpose under a name, as they are now.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "letter_templates")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub name: String,
    pub subject: String,
    pub body_text: String,
    pub purpose: Purpose,
    /// When it was taken off the list.
    pub removed_at: Option<DateTimeUtc>,
    /// One more with every change; each is kept.
    pub version: i32,
    pub created_by: String,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
