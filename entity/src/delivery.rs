//! One letter to one address: the ledger that is also the queue.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// How far a delivery has come.
    pub enum State {
        Queued = "queued", "Queued";
        Sending = "sending", "Being sent";
        Accepted = "accepted", "Accepted by the server";
        Deferred = "deferred", "Deferred";
        Rejected = "rejected", "Rejected";
        Bounced = "bounced", "Bounced";
        Excluded = "excluded", "Excluded";
        Uncertain = "uncertain", "Uncertain";
        Cancelled = "cancelled", "Cancelled";
    }
}

/// One letter to one address: the ledger that is also the queue.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub mailing_id: String,
    pub stp_code: String,
    pub stakeholder_id: Option<String>,
    /// Lower-cased.
    pub address: String,
    /// What stands after the @ of the address; empty where there is none.
    pub domain: String,
    pub display_name: Option<String>,
    /// The values of the merge fields, as JSON.
    pub merge: String,
    pub state: State,
    pub reason: Option<String>,
    pub attempts: i32,
    pub next_attempt_at: Option<DateTimeUtc>,
    pub claim: Option<String>,
    pub claimed_at: Option<DateTimeUtc>,
    /// When it was tried first: patience is counted from there.
    pub first_tried_at: Option<DateTimeUtc>,
    pub token_digest: String,
    /// Of the link that answers an invitation; none where there is nothing to answer.
    pub rsvp_digest: Option<String>,
    /// Of the link to what is held about its recipient; none where the letter has none.
    pub me_digest: Option<String>,
    pub message_id: Option<String>,
    pub server_answer: Option<String>,
    pub text_sha256: Option<String>,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
