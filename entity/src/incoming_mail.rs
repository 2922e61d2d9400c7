//! A mail that came back, or that somebody wrote in answer.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// What a mail that came back is.
    pub enum Kind {
        Reply = "reply", "Reply";
        Unknown = "unknown", "Not understood";
        Bounce = "bounce", "Bounce";
        Complaint = "complaint", "Complaint";
        Unsubscribe = "unsubscribe", "Asked to be left out";
        AutoReply = "auto_reply", "Automatic answer";
    }
}

words! {
    /// What a bounce says of the letter and of the address.
    pub enum Fate {
        Hard = "hard", "No such address";
        Soft = "soft", "Not for now";
        Refused = "refused", "Refused this letter";
        Delayed = "delayed", "Late, still being tried";
        Delivered = "delivered", "Delivered";
    }
}

/// A mail that came back, or that somebody wrote in answer.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "incoming_mails")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// Of its bytes: the same mail is taken in once.
    #[sea_orm(unique)]
    pub sha256: String,
    pub kind: Kind,
    /// Of a bounce alone.
    pub fate: Option<Fate>,
    /// The area whose letter it answers. None: nobody knows yet, and an administrator is to say.
    pub stp_code: Option<String>,
    pub mailing_id: Option<String>,
    pub delivery_id: Option<String>,
    /// Who sent it, as its header says.
    pub sender: Option<String>,
    pub subject: String,
    /// What was newly written, without what it quotes.
    pub body_text: String,
    /// What a server answered, or why the mail is not understood.
    pub detail: String,
    /// By when a person's mail is to be answered.
    pub due_on: Option<Date>,
    pub received_at: DateTimeUtc,
    pub done_at: Option<DateTimeUtc>,
    pub done_by: Option<String>,
    /// The user who deals with it.
    pub owner: Option<String>,
    /// The request that it answers.
    pub request_id: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
