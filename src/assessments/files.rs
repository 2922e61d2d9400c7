//! The same findings and events as tables: UTF-8, one row of headings, codes and names, ISO dates, and no cell that a
//! spreadsheet would run.

use std::sync::Arc;

use anyhow::Context as _;
use method::{
    Record, Severity, Verdict,
    record::{Event, Stp},
    rules,
    words::Publication,
};

use super::{Area, subject};

/// The columns of the table of gaps, and what they hold.
pub const GAPS: &[(&str, &str)] = &[
    ("as_at", "Day of the assessment"),
    ("stp_code", "GSS code of the area"),
    ("stp_name", "Name of the area"),
    ("region", "NHS region"),
    ("rule", "Rule of the method, such as COV-2"),
    ("rule_title", "What the rule is called"),
    ("subject", "What the gap is about: code of a group, audience or place, id of an event, plan, and so on"),
    ("subject_name", "The same in words"),
    ("severity", "critical, high, medium or low"),
    ("parent_rule", "Rule of the gap that this one follows from; it is then left out of totals"),
    ("parent_subject", "Subject of that gap"),
    ("finding", "The gap in a sentence"),
    ("closes", "What would close it"),
    ("events_counted", "How many records counted"),
];

/// The columns of the table of events, and what they hold.
pub const EVENTS: &[(&str, &str)] = &[
    ("id", "Identity of the event: /events/ and this is its page"),
    ("stp_code", "GSS code of the area"),
    ("stp_name", "Name of the area"),
    ("title", "Empty for an event that is not public"),
    ("kind", "public_meeting, drop_in, focus_group, workshop, survey and so on"),
    ("status", "planned, held or cancelled"),
    ("starts_on", "First day"),
    ("ends_on", "Last day, where that is another"),
    ("venue", "Empty for an event that is not public"),
    ("online", "yes or no"),
    ("places", "Codes of the council areas it was for, a space between them"),
    ("stp_discussed", "yes or no: only then does the event count"),
    ("level", "Participation reached, 1 to 5; empty where it is not recorded"),
    ("groups_took_part", "Codes of the groups that took part, a space between them"),
    ("groups_invited", "Codes of the groups that were asked and did not take part"),
    ("attended_low", "People who came, at least, as disclosed; empty where nobody was counted"),
    ("attended_high", "People who came, at most, as disclosed"),
    ("publication", "public, withheld or unpublished"),
    ("withheld_reason", "Why the content is withheld"),
    ("evidence_count", "Pieces of evidence on record"),
    ("feedback_on", "Day on which people were told what came of it"),
];

/// The gaps of these areas, nested ones too, in the order of the method page.
pub fn gaps(areas: &[Arc<Area>]) -> anyhow::Result<Vec<u8>> {
    let mut table = Table::new(GAPS)?;
    for area in areas {
        for found in area.assessment.findings.iter().filter(|found| found.verdict == Verdict::Gap) {
            let parent = found.parent.as_ref();
            table.row([
                area.as_at.to_string(),
                area.stp.code.clone(),
                area.stp.display_name.clone(),
                area.stp.region.clone(),
                found.rule.to_owned(),
                rules::find(found.rule).map_or("", |rule| rule.words.title).to_owned(),
                found.subject.clone(),
                subject::name(area, found).name,
                found.severity.map_or("", Severity::code).to_owned(),
                parent.map_or("", |parent| parent.rule).to_owned(),
                parent.map_or("", |parent| parent.subject.as_str()).to_owned(),
                found.sentence.clone(),
                found.closes.to_string(),
                found.counted.len().to_string(),
            ])?;
        }
    }
    table.finish()
}

/// The events of a record, as they may be shown. The record is disclosed here, whatever its mark says.
pub fn events(record: &Record) -> anyhow::Result<Vec<u8>> {
    let shown = method::disclose(record);
    let mut table = Table::new(EVENTS)?;
    for stp in &shown.stps {
        for event in &stp.events {
            table.row(row(stp, event))?;
        }
    }
    table.finish()
}

fn row(stp: &Stp, event: &Event) -> [String; 21] {
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let list = |all: Vec<&str>| all.join(" ");
    let places = |event: &Event| list(event.places.iter().map(method::values::Id::as_str).collect());
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
    let counts: Vec<_> = event.participation.iter().filter_map(|row| row.attended).collect();
    let sum = |of: fn(&method::values::Count) -> u32| {
        if counts.is_empty() {
            String::new()
        } else {
            counts.iter().map(|count| u64::from(of(count))).sum::<u64>().to_string()
        }
    };
    [
        event.id.to_string(),
        stp.code.to_string(),
        stp.name.clone(),
        event.title.clone().unwrap_or_default(),
        event.kind.code().to_owned(),
        event.status.code().to_owned(),
        event.starts_on.to_string(),
        day(event.ends_on),
        event.venue.clone().unwrap_or_default(),
        yes(event.online),
        places(event),
        yes(event.stp_discussed),
        event.level.map(|level| level.number().to_string()).unwrap_or_default(),
        groups(true),
        groups(false),
        sum(|count| count.low),
        sum(|count| count.high),
        event.publication.code().to_owned(),
        if event.publication == Publication::Public {
            String::new()
        } else {
            event.withheld_reason.clone().unwrap_or_default()
        },
        event.evidence_count.map(|pieces| pieces.to_string()).unwrap_or_default(),
        day(event.feedback_on),
    ]
}

/// A table being written.
struct Table(csv::Writer<Vec<u8>>);

impl Table {
    fn new(columns: &[(&str, &str)]) -> anyhow::Result<Self> {
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(columns.iter().map(|(heading, _)| heading))?;
        Ok(Self(table))
    }

    fn row(&mut self, cells: impl IntoIterator<Item = String>) -> anyhow::Result<()> {
        Ok(self.0.write_record(cells.into_iter().map(harmless))?)
    }

    fn finish(self) -> anyhow::Result<Vec<u8>> {
        self.0.into_inner().context("the table could not be written")
    }
}

/// A text that no spreadsheet takes for a formula.
pub fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_starts_a_formula() {
        for bad in ["=1+1", "+44 20", "-2", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(bad.to_owned()), format!("'{bad}"));
        }
        assert_eq!(harmless("A drop-in = good".to_owned()), "A drop-in = good");
    }
}
