//! What took place, as a list: what is public whole, and of the rest that it was; and what is planned.

use chrono::NaiveDate;
use method::{
    record::{Event, Stp},
    values::Level,
    words::{EventStatus, Publication},
};
use serde::Serialize;

use super::known;
use crate::reports::words;

/// An event of the list.
#[derive(Clone, Debug, Serialize)]
pub struct EventRow {
    pub id: String,
    pub starts_on: NaiveDate,
    pub when: String,
    pub name: String,
    pub kind: &'static str,
    /// `held`, `planned` or `cancelled`.
    pub status: &'static str,
    pub public: bool,
    /// Why it is not public, where that is on record.
    pub withheld: Option<String>,
    pub discussed: bool,
    pub places: String,
    /// Who took part, each with the number that may be shown.
    pub who: Vec<String>,
    pub level: Option<&'static str>,
    pub evidence: Option<u32>,
}

/// The events on the record on that day, the latest first; planned ones only once their day has come.
pub(super) fn events(stp: &Stp, as_at: NaiveDate) -> Vec<EventRow> {
    let mut events: Vec<&Event> = stp
        .events
        .iter()
        .filter(|event| {
            known(event, as_at) && !(event.status == EventStatus::Planned && event.starts_on > as_at)
        })
        .collect();
    events.sort_by(|a, b| (b.starts_on, &a.id).cmp(&(a.starts_on, &b.id)));
    events.into_iter().map(|event| row(stp, event)).collect()
}

/// The events planned for after that day, the next first.
pub(super) fn next(stp: &Stp, as_at: NaiveDate) -> Vec<EventRow> {
    let mut events: Vec<&Event> = stp
        .events
        .iter()
        .filter(|event| event.status == EventStatus::Planned && event.starts_on > as_at)
        .filter(|event| event.created_on.is_none_or(|created| created <= as_at))
        .collect();
    events.sort_by(|a, b| (a.starts_on, &a.id).cmp(&(b.starts_on, &b.id)));
    events.into_iter().map(|event| row(stp, event)).collect()
}

fn row(stp: &Stp, event: &Event) -> EventRow {
    let mut codes: Vec<&str> = event.names().map(method::values::Id::as_str).collect();
    codes.sort_unstable();
    codes.dedup();
    let name =
        |code: &&str| stp.places.iter().find(|place| place.code.as_str() == *code).map(|p| p.name.as_str());
    let places: Vec<&str> = codes.iter().filter_map(name).collect();
    let mut rows: Vec<_> = event.participation.iter().collect();
    rows.sort_by_key(|row| row.group.code());
    let who = rows.into_iter().map(|row| {
        let group = row.group.name();
        match (row.took_part, row.attended) {
            (true, Some(people)) => format!("{group}: {}", words::people(people)),
            (true, None) => group.to_owned(),
            (false, Some(_)) => format!("{group}: asked, nobody came"),
            (false, None) => format!("{group}: asked"),
        }
    });
    EventRow {
        id: event.id.to_string(),
        starts_on: event.starts_on,
        when: words::when(event),
        name: words::event(event),
        kind: event.kind.name(),
        status: event.status.code(),
        public: event.publication == Publication::Public,
        withheld: event.withheld_reason.clone(),
        discussed: event.stp_discussed,
        places: places.join(", "),
        who: who.collect(),
        level: event.level.map(Level::name),
        evidence: event.evidence_count,
    }
}
