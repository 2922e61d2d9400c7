//! What a row is to become, before anything is written.

use chrono::NaiveDate;
use entity::{
    event::{Kind, Precision, Publication, Status},
    import_row::Outcome,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::events::numbers::Attended;

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
    Events(Records),
    Stakeholder(Stakeholder),
}

impl Draft {
    /// The table and the identity of its chief record.
    pub fn subject(&self) -> (&'static str, &str) {
        match self {
            Self::Stakeholder(stakeholder) => ("stakeholders", &stakeholder.id),
            Self::Events(Records { consultation: Some(consultation), .. }) => {
                ("consultations", &consultation.id)
            }
            Self::Events(records) => ("events", &records.event.id),
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
    pub responses: Option<Count>,
    pub attended: Option<Count>,
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
    pub attended: Option<Count>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub id: String,
    pub url: String,
    pub source_type: Option<String>,
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stakeholder {
    pub id: String,
    pub stp: String,
    pub group: String,
    pub name: Option<String>,
    pub organisation: Option<String>,
    pub role: Option<String>,
    pub email: Option<String>,
    pub notes: Option<String>,
    pub basis: String,
}

/// A number of people, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    pub low: i32,
    pub high: i32,
    pub words: String,
}

impl From<Attended> for Count {
    fn from(attended: Attended) -> Self {
        Self { low: attended.low, high: attended.high, words: attended.words }
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
