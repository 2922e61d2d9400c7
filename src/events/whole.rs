//! An event whole: its row, and who took part, where, which bodies came, what was said and what shows it.
//!
//! `EventDraft` is what a person or a file says of an event; `EventWhole` is that with what we know of the record
//! itself. The journal keeps [`EventWhole::document`] before and after each change.

use chrono::NaiveDate;
use entity::{
    event::{self, Kind, Precision, Publication, Status},
    event_target::Characteristic,
    theme::Outcome,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::numbers::Attended;

/// A group's part in an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Code of the group, such as `PP-CAR`.
    pub group: String,
    /// Whether anyone of the group took part; false is an attempt.
    pub took_part: bool,
    pub invited: Option<Attended>,
    pub attended: Option<Attended>,
}

/// A place that an event was for, or whose residents came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// Code of the place, one of the STP's.
    pub place: String,
    /// Among the event's places, and not only counted.
    pub listed: bool,
    /// How many came from there.
    pub count: Option<Attended>,
}

/// A main point that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// None for a new one: it keeps the identity of the same text, or gets a new one.
    pub id: Option<String>,
    pub text: String,
    pub outcome: Option<Outcome>,
}

/// A document or page that shows that the event took place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// None for a new one: it keeps the identity of the same address, or gets a new one.
    pub id: Option<String>,
    pub url: String,
    /// What it is: "minutes", "news report".
    pub source_type: Option<String>,
    pub note: Option<String>,
}

/// What is said of an event: everything that a form or a file can give. Its fields are named as the record's.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[allow(clippy::struct_excessive_bools)] // Each is a field of the record.
pub struct EventDraft {
    pub consultation_id: Option<String>,
    pub title: String,
    pub kind: Kind,
    pub status: Status,
    /// None where neither a day nor a period is known: the event is then not in the record.
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub date_words: Option<String>,
    pub date_precision: Precision,
    pub venue: Option<String>,
    pub venue_capacity: Option<i32>,
    pub online: bool,
    pub stp_discussed: bool,
    /// 1 to 5.
    pub level: Option<i32>,
    pub level_basis: Option<String>,
    pub held_in_public: bool,
    pub minutes_published_on: Option<NaiveDate>,
    pub minutes_url: Option<String>,
    /// The office that chairs a meeting of the boards.
    pub chair: Option<String>,
    pub papers_published_on: Option<NaiveDate>,
    pub papers_url: Option<String>,
    pub publication: Publication,
    pub withheld_reason: Option<String>,
    pub review_on: Option<NaiveDate>,
    pub feedback_on: Option<NaiveDate>,
    pub confirmed: bool,
    /// What was discussed.
    pub summary: Option<String>,
    pub outcome: Option<String>,
    pub accessibility: Vec<String>,
    /// A total that cannot be split among groups, in words.
    pub attendance_note: Option<String>,
    pub cancelled_reason: Option<String>,
    pub participations: Vec<Part>,
    pub places: Vec<Placed>,
    /// Codes of bodies.
    pub bodies: Vec<String>,
    pub targets: Vec<Characteristic>,
    /// Identities of proposals.
    pub proposals: Vec<String>,
    /// Identities of the representatives who took part: whether a group is credited for it depends on their terms.
    pub representatives: Vec<String>,
    pub themes: Vec<Point>,
    pub evidence: Vec<Source>,
}

impl EventDraft {
    /// A public event of this kind in which the plan was discussed, and nothing else said yet.
    pub fn new(title: impl Into<String>, kind: Kind, status: Status, starts_on: Option<NaiveDate>) -> Self {
        Self {
            consultation_id: None,
            title: title.into(),
            kind,
            status,
            starts_on,
            ends_on: None,
            date_words: None,
            date_precision: if starts_on.is_some() { Precision::Day } else { Precision::Unknown },
            venue: None,
            venue_capacity: None,
            online: false,
            stp_discussed: true,
            level: None,
            level_basis: None,
            held_in_public: false,
            minutes_published_on: None,
            minutes_url: None,
            chair: None,
            papers_published_on: None,
            papers_url: None,
            publication: Publication::Public,
            withheld_reason: None,
            review_on: None,
            feedback_on: None,
            confirmed: false,
            summary: None,
            outcome: None,
            accessibility: Vec::new(),
            attendance_note: None,
            cancelled_reason: None,
            participations: Vec::new(),
            places: Vec::new(),
            bodies: Vec::new(),
            targets: Vec::new(),
            proposals: Vec::new(),
            representatives: Vec::new(),
            themes: Vec::new(),
            evidence: Vec::new(),
        }
    }

    /// The same, with every list in the order that the database gives it back in, so that two drafts can be compared.
    #[must_use]
    pub fn ordered(mut self) -> Self {
        self.participations.sort_by(|a, b| a.group.cmp(&b.group));
        self.places.sort_by(|a, b| a.place.cmp(&b.place));
        self.bodies.sort();
        self.targets.sort_by_key(|target| target.code());
        self.proposals.sort();
        self.representatives.sort();
        self.evidence.sort_by(|a, b| a.url.cmp(&b.url));
        self
    }

    /// Whether two drafts say the same, whatever the order of their lists and the identities of their points.
    pub fn says_the_same(&self, other: &Self) -> bool {
        let plain = |draft: &Self| {
            let mut draft = draft.clone().ordered();
            draft.themes.iter_mut().for_each(|point| point.id = None);
            draft.evidence.iter_mut().for_each(|source| source.id = None);
            draft
        };
        plain(self) == plain(other)
    }
}

/// An event as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct EventWhole {
    pub event: event::Model,
    /// By code of the group.
    pub participations: Vec<Part>,
    /// By code of the place.
    pub places: Vec<Placed>,
    pub bodies: Vec<String>,
    pub targets: Vec<Characteristic>,
    pub proposals: Vec<String>,
    /// Identities of the representatives who took part.
    pub representatives: Vec<String>,
    /// As they were written down.
    pub themes: Vec<Point>,
    pub evidence: Vec<Source>,
}

impl EventWhole {
    /// What is said of the event, to be changed and written again.
    pub fn draft(&self) -> EventDraft {
        let event = self.event.clone();
        EventDraft {
            accessibility: accessibility(&event),
            consultation_id: event.consultation_id,
            title: event.title,
            kind: event.kind,
            status: event.status,
            starts_on: event.starts_on,
            ends_on: event.ends_on,
            date_words: event.date_words,
            date_precision: event.date_precision,
            venue: event.venue,
            venue_capacity: event.venue_capacity,
            online: event.online,
            stp_discussed: event.stp_discussed,
            level: event.level,
            level_basis: event.level_basis,
            held_in_public: event.held_in_public,
            minutes_published_on: event.minutes_published_on,
            minutes_url: event.minutes_url,
            chair: event.chair,
            papers_published_on: event.papers_published_on,
            papers_url: event.papers_url,
            publication: event.publication,
            withheld_reason: event.withheld_reason,
            review_on: event.review_on,
            feedback_on: event.feedback_on,
            confirmed: event.confirmed,
            summary: event.summary,
            outcome: event.outcome,
            attendance_note: event.attendance_note,
            cancelled_reason: event.cancelled_reason,
            participations: self.participations.clone(),
            places: self.places.clone(),
            bodies: self.bodies.clone(),
            targets: self.targets.clone(),
            proposals: self.proposals.clone(),
            representatives: self.representatives.clone(),
            themes: self.themes.clone(),
            evidence: self.evidence.clone(),
        }
    }

    /// The event as the journal keeps it: one document with all that belongs to it. Only `search` is left out, which
    /// is made from the rest.
    pub fn document(&self) -> Value {
        let mut document = serde_json::to_value(&self.event).unwrap_or_default();
        if let Value::Object(fields) = &mut document {
            fields.remove("search");
            fields.insert("accessibility".into(), Value::from(accessibility(&self.event)));
            let lists = [
                ("participations", serde_json::to_value(&self.participations)),
                ("places", serde_json::to_value(&self.places)),
                ("bodies", serde_json::to_value(&self.bodies)),
                ("targets", serde_json::to_value(&self.targets)),
                ("proposals", serde_json::to_value(&self.proposals)),
                ("representatives", serde_json::to_value(&self.representatives)),
                ("themes", serde_json::to_value(&self.themes)),
                ("evidence", serde_json::to_value(&self.evidence)),
            ];
            for (name, list) in lists {
                fields.insert(name.into(), list.unwrap_or_default());
            }
        }
        document
    }
}

/// The support that was provided, as the row keeps it. We write the list ourselves, so it can be read.
fn accessibility(event: &event::Model) -> Vec<String> {
    serde_json::from_str(&event.accessibility).unwrap_or_default()
}
