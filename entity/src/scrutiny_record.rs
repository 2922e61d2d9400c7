//! A consultation of one or more councils' scrutiny committees on a proposal.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// A consultation of one or more councils' scrutiny committees on a proposal.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "scrutiny_records")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub proposal_id: String,
    /// What the committee is called.
    pub committee: String,
    /// Whether it is a joint committee of several councils.
    pub joint: bool,
    pub consulted_on: Option<Date>,
    /// The date of the decision that it was given.
    pub decision_date_given: Option<Date>,
    /// The date by which its comments were asked for.
    pub comments_by: Option<Date>,
    /// Where the two dates were published.
    pub published_url: Option<String>,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
