//! A letter to some of an area's stakeholders.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{proposal::Theme, words::words};

words! {
    /// What a mailing is for, which decides who may be written to.
    pub enum Purpose {
        Statutory = "statutory", "Statutory notice";
        Service = "service", "Service message";
        Engagement = "engagement", "Engagement";
    }
}

words! {
    /// How far a mailing has come.
    pub enum State {
        Draft = "draft", "Draft";
        Frozen = "frozen", "Frozen";
        Sending = "sending", "Being sent";
        Paused = "paused", "Paused";
        Done = "done", "Sent";
        Cancelled = "cancelled", "Cancelled";
    }
}

words! {
    /// Which of an event's invited people a mailing goes back to.
    pub enum FollowUp {
        Reminder = "reminder", "Those invited who have not answered";
        Change = "change", "Those invited who did not say no and do not know how the event is now";
    }
}

/// A letter to some of an area's stakeholders.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "mailings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub subject: String,
    pub body_text: String,
    pub purpose: Purpose,
    /// What it is about: whoever is out of that topic does not get it. Of engagement mail alone.
    pub topic: Option<Theme>,
    /// Whom it is to: a query, as JSON.
    pub audience: String,
    pub state: State,
    pub frozen_at: Option<DateTimeUtc>,
    pub finished_at: Option<DateTimeUtc>,
    pub paused_reason: Option<String>,
    pub text_sha256: Option<String>,
    /// Who froze it: somebody else approves it.
    pub frozen_by: Option<String>,
    pub approved_by: Option<String>,
    pub approved_at: Option<DateTimeUtc>,
    /// When it is, or was, to start; none before it is sent off.
    pub starts_at: Option<DateTimeUtc>,
    /// The event that it invites to.
    pub event_id: Option<String>,
    /// What it says of that event, as JSON: as it was frozen.
    pub event_told: Option<String>,
    /// It goes to people who were invited to the event before, and to no groups.
    pub follow_up: Option<FollowUp>,
    /// The files that go with it, as JSON: name, kind, size and digest of each.
    pub files: String,
    /// The code of the settings' sender that it comes from; none for their own.
    pub sender: Option<String>,
    /// The address that it comes from, as it was frozen; none where it was frozen before that was kept.
    pub sent_from: Option<String>,
    pub created_by: String,
    pub version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
