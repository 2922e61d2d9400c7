//! What somebody who was invited to an event says: one row for an address, the last answer.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// Whether somebody comes.
    pub enum Answer {
        Yes = "yes", "Yes";
        No = "no", "No";
        Support = "support", "Yes, and I need support to take part";
    }
}

/// What somebody who was invited to an event says.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "invitation_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub event_id: String,
    /// Lower-cased. A reminder to it asks for the same answer.
    pub address: String,
    /// The letter whose link was last used.
    pub delivery_id: String,
    pub answer: Answer,
    /// What they need to take part, in their words.
    pub support: Option<String>,
    /// Of what was known of the event when they answered.
    pub told_sha256: String,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
