//! A recommendation of a scrutiny committee, and the answer to it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A recommendation of a scrutiny committee, and the answer to it.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "recommendations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub scrutiny_id: String,
    pub text: String,
    pub received_on: Option<Date>,
    pub answered_on: Option<Date>,
    pub answer: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
