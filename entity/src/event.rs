//! One occasion on which people were, or are to be, informed or heard.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::words;

words! {
    /// What an event is.
    pub enum Kind {
        PublicMeeting = "public_meeting", "Public meeting";
        DropIn = "drop_in", "Drop-in";
        FocusGroup = "focus_group", "Focus group";
        Workshop = "workshop", "Workshop";
        Survey = "survey", "Survey";
        Outreach = "outreach", "Outreach";
        OnlineMeeting = "online_meeting", "Online meeting";
        StaffBriefing = "staff_briefing", "Staff briefing";
        Committee = "committee", "Committee item";
        GovernanceMeeting = "governance_meeting", "Governance meeting";
        Letter = "letter", "Letter";
        Panel = "panel", "Panel";
        Other = "other", "Other";
    }
}

words! {
    /// Whether it took place.
    pub enum Status {
        Planned = "planned", "Planned";
        Held = "held", "Held";
        Cancelled = "cancelled", "Cancelled";
    }
}

words! {
    /// How well its date is known.
    pub enum Precision {
        Day = "day", "Day known";
        Period = "period", "Only a period known";
        Unknown = "unknown", "Not known";
    }
}

words! {
    /// What the public may read of it.
    pub enum Publication {
        Public = "public", "Public";
        Withheld = "withheld", "Withheld";
        Unpublished = "unpublished", "Not published";
    }
}

/// One occasion on which people were, or are to be, informed or heard.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)] // Each is a column of its own: see the record.
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub stp_code: String,
    pub consultation_id: Option<String>,
    pub title: String,
    pub kind: Kind,
    pub status: Status,
    /// The first day it can have been. Without one the event is not in the record.
    pub starts_on: Option<Date>,
    pub ends_on: Option<Date>,
    /// The date as the source says it, shown instead of the days when the day is not known.
    pub date_words: Option<String>,
    pub date_precision: Precision,
    /// The day it was first recorded here; none for imported history.
    pub created_on: Option<Date>,
    pub venue: Option<String>,
    pub venue_capacity: Option<i32>,
    pub online: bool,
    pub stp_discussed: bool,
    /// Participation achieved, 1 to 5.
    pub level: Option<i32>,
    /// How the level was judged.
    pub level_basis: Option<String>,
    pub held_in_public: bool,
    pub minutes_published_on: Option<Date>,
    pub minutes_url: Option<String>,
    /// The office that chairs a meeting of the boards.
    pub chair: Option<String>,
    pub papers_published_on: Option<Date>,
    pub papers_url: Option<String>,
    pub publication: Publication,
    pub withheld_reason: Option<String>,
    pub review_on: Option<Date>,
    pub feedback_on: Option<Date>,
    pub confirmed: bool,
    /// What was discussed.
    pub summary: Option<String>,
    pub outcome: Option<String>,
    /// A JSON list of texts.
    pub accessibility: String,
    /// A total that cannot be split among groups, in words.
    pub attendance_note: Option<String>,
    pub cancelled_reason: Option<String>,
    pub withdrawn_at: Option<DateTimeUtc>,
    pub withdrawn_reason: Option<String>,
    pub import_id: Option<String>,
    pub external_id: Option<String>,
    /// Lower-cased words to search in.
    pub search: String,
    pub version: i32,
    pub created_by: Option<String>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
