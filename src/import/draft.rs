//! What a row is to become, before anything is written.

use chrono::NaiveDate;
use entity::{
    event::{Kind, Precision, Publication, Status},
    import_row::Outcome,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    events::{EventDraft, Part, Placed, Source, numbers::Attended},
    stakeholders,
};

/// A row that was checked.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its number in the file.
    pub position: usize,
    pub external_id: Option<String>,
    pub stp: Option<String>,
    pub outcome: Outcome,
    /// What it becomes, or why it does not.
    pub reason: String,
    pub draft: Option<Draft>,
}

/// The records that a row becomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Draft {
    Events(Box<Records>),
    Stakeholder(Box<Stakeholder>),
}

impl Draft {
    /// The table and the identity of its chief record.
    pub fn subject(&self) -> (&'static str, &str) {
        match self {
            Self::Stakeholder(stakeholder) => ("stakeholders", &stakeholder.id),
            Self::Events(records) => match &records.consultation {
                Some(consultation) => ("consultations", &consultation.id),
                None => ("events", &records.event.id),
            },
        }
    }
}

/// A row of a log: an event; for a consultation also itself and, when it is formal, its proposal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Records {
    pub proposal: Option<Proposal>,
    pub consultation: Option<Consultation>,
    pub event: Event,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    pub id: String,
    pub title: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    pub id: String,
    pub title: String,
    pub formal: bool,
    pub status: Status,
    pub opens_on: Option<NaiveDate>,
    pub closes_on: Option<NaiveDate>,
    pub dates_words: Option<String>,
    pub responses: Option<Attended>,
    pub attended: Option<Attended>,
    pub discussed: Option<String>,
    pub outcome: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)] // Each is a column of its own.
pub struct Event {
    pub id: String,
    pub stp: String,
    pub consultation_id: Option<String>,
    pub title: String,
    pub kind: Kind,
    pub status: Status,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub date_words: Option<String>,
    pub precision: Precision,
    pub venue: Option<String>,
    pub online: bool,
    pub stp_discussed: bool,
    pub level: Option<i32>,
    pub level_basis: Option<String>,
    pub held_in_public: bool,
    pub publication: Publication,
    pub feedback_on: Option<NaiveDate>,
    pub summary: Option<String>,
    pub outcome: Option<String>,
    pub attendance_note: Option<String>,
    pub participations: Vec<Participation>,
    pub places: Vec<String>,
    pub proposals: Vec<String>,
    pub evidence: Vec<Evidence>,
    pub external_id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participation {
    pub group: String,
    pub took_part: bool,
    pub attended: Option<Attended>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub id: String,
    pub url: String,
    pub source_type: Option<String>,
    pub note: Option<String>,
}

/// A row of a list of stakeholders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stakeholder {
    pub id: String,
    pub stp: String,
    pub draft: stakeholders::Draft,
}

impl Event {
    /// The event as it is written down.
    pub fn whole(&self) -> EventDraft {
        let event = self.clone();
        let part = |part: Participation| Part {
            group: part.group,
            took_part: part.took_part,
            invited: None,
            attended: part.attended,
        };
        let source = |source: Evidence| Source {
            id: Some(source.id),
            url: source.url,
            source_type: source.source_type,
            note: source.note,
        };
        EventDraft {
            consultation_id: event.consultation_id,
            ends_on: event.ends_on,
            date_words: event.date_words,
            date_precision: event.precision,
            venue: event.venue,
            online: event.online,
            stp_discussed: event.stp_discussed,
            level: event.level,
            level_basis: event.level_basis,
            held_in_public: event.held_in_public,
            publication: event.publication,
            feedback_on: event.feedback_on,
            summary: event.summary,
            outcome: event.outcome,
            attendance_note: event.attendance_note,
            participations: event.participations.into_iter().map(part).collect(),
            places: event
                .places
                .into_iter()
                .map(|place| Placed { place, listed: true, count: None })
                .collect(),
            proposals: event.proposals,
            evidence: event.evidence.into_iter().map(source).collect(),
            ..EventDraft::new(event.title, event.kind, event.status, event.starts_on)
        }
    }
}

/// The identity of a record that a row becomes: the same for the same map, area, row and part, for ever.
pub fn identity(map: &str, stp: &str, external: &str, part: &str) -> String {
    let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"opendoor:import");
    Uuid::new_v5(&space, format!("{map}\n{stp}\n{external}\n{part}").as_bytes()).to_string()
}

/// The name of a row that has none of its own: a digest of what tells it from others.
pub fn nameless(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\n").to_lowercase());
    format!("row-{}", &hex::encode(digest)[..16])
}
