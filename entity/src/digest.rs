//! What one member of staff is told on one day: one mail, however much falls due.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// How far the mail has come.
    pub enum State {
        Queued = "queued", "Queued";
        Sending = "sending", "Being sent";
        Accepted = "accepted", "Accepted by the server";
        Rejected = "rejected", "Rejected";
        Uncertain = "uncertain", "Uncertain";
        Dropped = "dropped", "Not sent: the account is disabled";
    }
}

/// What one member of staff is told on one day.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "digests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub user_id: String,
    pub day_on: Date,
    /// What it says, as JSON.
    pub lines: String,
    pub state: State,
    pub attempts: i32,
    pub next_attempt_at: DateTimeUtc,
    pub claim: Option<String>,
    pub claimed_at: Option<DateTimeUtc>,
    pub server_answer: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
