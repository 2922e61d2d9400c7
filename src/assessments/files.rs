//! The same findings and events as tables, for files: codes and names, days as they are, every number disclosed.

use std::sync::Arc;

use method::{
    Finding, Record, Severity, Verdict,
    record::{Event, Stp},
    rules,
    words::{Audience, Publication},
};

use super::{Area, subject};
use crate::export::{Cell, Column, Kind, Table};

/// The columns of the table of gaps, and what they hold.
pub const GAPS: &[(&str, &str, Kind)] = &[
    ("as_at", "Day of the assessment", Kind::Day),
    ("stp_code", "GSS code of the area", Kind::Text),
    ("stp_name", "Name of the area", Kind::Text),
    ("region", "NHS region", Kind::Text),
    ("rule", "Rule of the method, such as COV-2", Kind::Text),
    ("rule_title", "What the rule is called", Kind::Text),
    (
        "subject",
        "What the gap is about: code of a group, audience or place, id of an event, plan, and so on",
        Kind::Text,
    ),
    ("subject_name", "The same in words", Kind::Text),
    ("severity", "critical, high, medium or low", Kind::Text),
    ("parent_rule", "Rule of the gap that this one follows from; it is then left out of totals", Kind::Text),
    ("parent_subject", "Subject of that gap", Kind::Text),
    ("finding", "The gap in a sentence", Kind::Text),
    ("closes", "What would close it", Kind::Text),
    ("events_counted", "How many records counted", Kind::Number),
];

/// The columns of the table of events, and what they hold.
pub const EVENTS: &[(&str, &str, Kind)] = &[
    ("id", "Identity of the event: /events/ and this is its page", Kind::Text),
    ("stp_code", "GSS code of the area", Kind::Text),
    ("stp_name", "Name of the area", Kind::Text),
    ("title", "Empty for an event that is not public", Kind::Text),
    ("kind", "public_meeting, drop_in, focus_group, workshop, survey and so on", Kind::Text),
    ("status", "planned, held or cancelled", Kind::Text),
    ("starts_on", "First day", Kind::Day),
    ("ends_on", "Last day, where that is another", Kind::Day),
    ("venue", "Empty for an event that is not public", Kind::Text),
    ("online", "yes or no", Kind::YesNo),
    ("places", "Codes of the council areas it was for, a space between them", Kind::Text),
    ("stp_discussed", "yes or no: only then does the event count", Kind::YesNo),
    ("level", "Participation reached, 1 to 5; empty where it is not recorded", Kind::Number),
    ("groups_took_part", "Codes of the groups that took part, a space between them", Kind::Text),
    ("groups_invited", "Codes of the groups that were asked and did not take part", Kind::Text),
    ("attended_low", "People who came, at least, as disclosed; empty where nobody was counted", Kind::Number),
    ("attended_high", "People who came, at most, as disclosed", Kind::Number),
    ("public_low", "Patients and public who came, at least; empty where they were not counted", Kind::Number),
    ("public_high", "Patients and public who came, at most", Kind::Number),
    ("publication", "public, withheld or unpublished", Kind::Text),
    ("withheld_reason", "Why the content is withheld", Kind::Text),
    ("evidence_count", "Pieces of evidence on record", Kind::Number),
    ("feedback_on", "Day on which people were told what came of it", Kind::Day),
];

/// The columns of a table of which each is named, explained and of a kind.
pub fn columns(all: &[(&str, &str, Kind)]) -> Vec<Column> {
    all.iter().map(|&(key, title, kind)| Column::new(key, title, kind)).collect()
}

/// The gaps of these areas, nested ones too, in the order of the method page.
pub fn gaps(areas: &[Arc<Area>]) -> Table {
    let gap = |found: &&Finding| found.verdict == Verdict::Gap;
    let of = |area: &Arc<Area>| {
        area.assessment.findings.iter().filter(gap).map(|found| finding(area, found)).collect::<Vec<_>>()
    };
    Table {
        name: "gaps".to_owned(),
        title: "Gaps in engagement".to_owned(),
        notes: vec![
            "No record is not the same as no engagement.".to_owned(),
            "A gap with a parent follows from that gap, and is left out of totals.".to_owned(),
        ],
        columns: columns(GAPS),
        rows: areas.iter().flat_map(of).collect(),
    }
}

fn finding(area: &Area, found: &Finding) -> Vec<Cell> {
    let parent = found.parent.as_ref();
    vec![
        Cell::Day(area.as_at),
        Cell::text(&area.stp.code),
        Cell::text(&area.stp.display_name),
        Cell::text(&area.stp.region),
        Cell::text(found.rule),
        Cell::text(rules::find(found.rule).map_or("", |rule| rule.words.title)),
        Cell::text(&found.subject),
        Cell::text(subject::name(area, found).name),
        Cell::text(found.severity.map_or("", Severity::code)),
        Cell::text(parent.map_or("", |parent| parent.rule)),
        Cell::text(parent.map_or("", |parent| parent.subject.as_str())),
        Cell::text(&found.sentence),
        Cell::text(found.closes.to_string()),
        Cell::count(found.counted.len()),
    ]
}

/// The events of a record, as they may be shown. The record is disclosed here, whatever its mark says.
pub fn events(record: &Record) -> Table {
    let shown = method::disclose(record);
    let of = |stp: &Stp| stp.events.iter().map(|event| row(stp, event)).collect::<Vec<_>>();
    Table {
        name: "events".to_owned(),
        title: "Events".to_owned(),
        notes: vec![
            "A number of people from 1 to 4 reads as at least 1 and at most 4; 5 and over go to the nearest 5."
                .to_owned(),
            "Events without a known day are on the register and not here.".to_owned(),
        ],
        columns: columns(EVENTS),
        rows: shown.stps.iter().flat_map(of).collect(),
    }
}

fn row(stp: &Stp, event: &Event) -> Vec<Cell> {
    let list = |all: Vec<&str>| Cell::text(all.join(" "));
    let groups = |took: bool| {
        list(
            event
                .participation
                .iter()
                .filter(|row| row.took_part == took)
                .map(|row| row.group.code())
                .collect(),
        )
    };
    let came: Vec<_> = event.participation.iter().filter_map(|row| row.attended).collect();
    let is_public =
        |row: &&method::record::Participation| row.took_part && row.group.audience() == Audience::Public;
    let public: Vec<_> =
        event.participation.iter().filter(is_public).filter_map(|row| row.attended).collect();
    let sum = |counts: &[method::values::Count], of: fn(&method::values::Count) -> u32| match counts {
        [] => Cell::Empty,
        counts => Cell::Whole(counts.iter().map(|count| i64::from(of(count))).sum()),
    };
    let withheld = event.withheld_reason.as_deref().filter(|_| event.publication != Publication::Public);
    vec![
        Cell::text(event.id.as_str()),
        Cell::text(stp.code.as_str()),
        Cell::text(&stp.name),
        Cell::text(event.title.as_deref().unwrap_or_default()),
        Cell::text(event.kind.code()),
        Cell::text(event.status.code()),
        Cell::Day(event.starts_on),
        Cell::day(event.ends_on),
        Cell::text(event.venue.as_deref().unwrap_or_default()),
        Cell::Yes(event.online),
        list(event.places.iter().map(method::values::Id::as_str).collect()),
        Cell::Yes(event.stp_discussed),
        event.level.map_or(Cell::Empty, |level| Cell::Whole(level.number().into())),
        groups(true),
        groups(false),
        sum(&came, |count| count.low),
        sum(&came, |count| count.high),
        sum(&public, |count| count.low),
        sum(&public, |count| count.high),
        Cell::text(event.publication.code()),
        Cell::text(withheld.unwrap_or_default()),
        event.evidence_count.map_or(Cell::Empty, |pieces| Cell::Whole(pieces.into())),
        Cell::day(event.feedback_on),
    ]
}
