//! The tables of an edition: `gaps.csv` and `events.csv`, from its record and assessment alone.
//!
//! UTF-8, one row of headings, codes and names, ISO dates. A text that a spreadsheet would run as a formula gets an
//! apostrophe before it; a masked number is written `<5`.

use chrono::NaiveDate;
use method::{
    Assessment, Finding, Record, Verdict,
    record::{Event, Participation, Stp},
    rules,
    values::{Id, Level},
};

use super::words::{end, one_line, subject};

const GAPS: [&str; 17] = [
    "stp_code",
    "stp_name",
    "rule",
    "rule_name",
    "domain",
    "subject",
    "subject_name",
    "severity",
    "parent_rule",
    "parent_subject",
    "finding",
    "closes",
    "rests_on",
    "nearly_counted",
    "as_at",
    "method",
    "standard",
];

/// The gaps, nested ones too: a row each, in the order of the method.
pub fn gaps(record: &Record, assessment: &Assessment) -> anyhow::Result<Vec<u8>> {
    let mut table = Table::new(&GAPS)?;
    for assessed in &assessment.stps {
        let Some(stp) = record.stps.iter().find(|stp| stp.code == assessed.code) else { continue };
        for finding in assessed.findings.iter().filter(|finding| finding.verdict == Verdict::Gap) {
            table.row(gap(stp, assessment, finding))?;
        }
    }
    table.finish()
}

fn gap(stp: &Stp, assessment: &Assessment, finding: &Finding) -> Vec<String> {
    let words = rules::find(finding.rule).map(|rule| rule.words);
    let duties: Vec<&str> = words.iter().flat_map(|words| words.duties).map(|duty| duty.name).collect();
    let near: Vec<String> =
        finding.not_counted.iter().map(|near| format!("{}: {}", near.id, near.why.name())).collect();
    let parent = finding.parent.as_ref();
    vec![
        stp.code.to_string(),
        stp.name.clone(),
        finding.rule.to_owned(),
        words.map_or("", |words| words.title).to_owned(),
        words.map_or("", |words| words.domain.name()).to_owned(),
        finding.subject.clone(),
        subject(stp, &finding.subject),
        finding.severity.map_or("", |severity| severity.code()).to_owned(),
        parent.map_or("", |parent| parent.rule).to_owned(),
        parent.map_or_else(String::new, |parent| parent.subject.clone()),
        finding.sentence.clone(),
        finding.closes.to_string(),
        duties.join("; "),
        near.join("; "),
        assessment.as_at.to_string(),
        assessment.method.to_owned(),
        assessment.standard.clone(),
    ]
}

const EVENTS: [&str; 36] = [
    "stp_code",
    "stp_name",
    "event_id",
    "title",
    "kind",
    "kind_name",
    "status",
    "starts_on",
    "ends_on",
    "created_on",
    "on_record_as_at",
    "stp_discussed",
    "level",
    "level_name",
    "venue",
    "online",
    "places",
    "place_names",
    "bodies",
    "body_names",
    "proposals",
    "publication",
    "withheld_reason",
    "review_on",
    "evidence_count",
    "feedback_on",
    "themes",
    "group",
    "group_name",
    "audience_name",
    "took_part",
    "invited_low",
    "invited_high",
    "attended_low",
    "attended_high",
    "as_at",
];

/// The events: a row for each group of each event, and one for an event without groups, by day and id.
pub fn events(record: &Record, as_at: NaiveDate) -> anyhow::Result<Vec<u8>> {
    let mut table = Table::new(&EVENTS)?;
    let mut stps: Vec<&Stp> = record.stps.iter().collect();
    stps.sort_by(|a, b| a.code.cmp(&b.code));
    for stp in stps {
        let mut events: Vec<&Event> = stp.events.iter().collect();
        events.sort_by(|a, b| (a.starts_on, &a.id).cmp(&(b.starts_on, &b.id)));
        for event in events {
            let mut rows: Vec<&Participation> = event.participation.iter().collect();
            rows.sort_by_key(|row| row.group.code());
            let common = common(stp, event, as_at);
            if rows.is_empty() {
                table.row(with_group(common, None, as_at))?;
            } else {
                for row in rows {
                    table.row(with_group(common.clone(), Some(row), as_at))?;
                }
            }
        }
    }
    table.finish()
}

fn common(stp: &Stp, event: &Event, as_at: NaiveDate) -> Vec<String> {
    let known = event.created_on.unwrap_or(event.starts_on) <= as_at;
    let place =
        |code: &str| stp.places.iter().find(|place| place.code.as_str() == code).map(|place| &place.name);
    let body = |code: &str| stp.bodies.iter().find(|body| body.code.as_str() == code).map(|body| &body.name);
    let (places, place_names) = codes(event.names(), place);
    let (bodies, body_names) = codes(&event.bodies, body);
    let (proposals, _) = codes(&event.proposals, |_| None);
    let mut themes: Vec<_> = event.themes.iter().collect();
    themes.sort_by(|a, b| a.id.cmp(&b.id));
    let themes: Vec<String> = themes
        .into_iter()
        .map(|theme| {
            let said = theme.text.as_deref().map_or_else(|| "not published".to_owned(), one_line);
            let became = theme.outcome.map_or("no outcome recorded", |outcome| outcome.name());
            format!("{said} [{became}]")
        })
        .collect();
    vec![
        stp.code.to_string(),
        stp.name.clone(),
        event.id.to_string(),
        event.title.clone().unwrap_or_default(),
        event.kind.code().to_owned(),
        event.kind.name().to_owned(),
        event.status.code().to_owned(),
        event.starts_on.to_string(),
        date(event.ends_on),
        date(event.created_on),
        yes_no(known),
        yes_no(event.stp_discussed),
        event.level.map_or_else(String::new, |level| level.number().to_string()),
        event.level.map_or("", Level::name).to_owned(),
        event.venue.clone().unwrap_or_default(),
        yes_no(event.online),
        places,
        place_names,
        bodies,
        body_names,
        proposals,
        event.publication.code().to_owned(),
        event.withheld_reason.clone().unwrap_or_default(),
        date(event.review_on),
        event.evidence_count.map_or_else(String::new, |count| count.to_string()),
        date(event.feedback_on),
        themes.join("; "),
    ]
}

fn with_group(mut cells: Vec<String>, row: Option<&Participation>, as_at: NaiveDate) -> Vec<String> {
    let ends = |count: Option<method::values::Count>| match count {
        Some(count) => [end(count.low), end(count.high)],
        None => [String::new(), String::new()],
    };
    match row {
        Some(row) => {
            cells.push(row.group.code().to_owned());
            cells.push(row.group.name().to_owned());
            cells.push(row.group.audience().name().to_owned());
            cells.push(yes_no(row.took_part));
            cells.extend(ends(row.invited));
            cells.extend(ends(row.attended));
        }
        None => cells.extend(std::iter::repeat_n(String::new(), 8)),
    }
    cells.push(as_at.to_string());
    cells
}

/// Codes in byte order with a space between, and their names in the same order.
fn codes<'a>(
    ids: impl IntoIterator<Item = &'a Id>,
    name: impl Fn(&str) -> Option<&'a String>,
) -> (String, String) {
    let mut ids: Vec<&str> = ids.into_iter().map(Id::as_str).collect();
    ids.sort_unstable();
    ids.dedup();
    let names: Vec<&str> = ids.iter().filter_map(|id| name(id)).map(String::as_str).collect();
    (ids.join(" "), names.join("; "))
}

fn date(day: Option<NaiveDate>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

fn yes_no(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// A table on its way to bytes.
struct Table {
    writer: csv::Writer<Vec<u8>>,
}

impl Table {
    fn new(headings: &[&str]) -> anyhow::Result<Self> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(headings)?;
        Ok(Self { writer })
    }

    fn row(&mut self, cells: Vec<String>) -> anyhow::Result<()> {
        Ok(self.writer.write_record(cells.into_iter().map(harmless))?)
    }

    fn finish(self) -> anyhow::Result<Vec<u8>> {
        self.writer.into_inner().map_err(|why| anyhow::anyhow!("a table could not be finished: {why}"))
    }
}

/// A cell that no spreadsheet runs: an apostrophe before what begins as a formula does, also after white space.
fn harmless(cell: String) -> String {
    let first = cell.trim_start().chars().next();
    let starts = cell.starts_with(['\t', '\r', '\n']) || matches!(first, Some('=' | '+' | '-' | '@'));
    if starts { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn no_cell_runs_as_a_formula() {
        for bad in ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", " =cmd|' /C calc'!A0", "\r=1"] {
            assert_eq!(harmless(bad.into()), format!("'{bad}"));
        }
        for good in ["", "a=b", "2017-01-11", "<5", "Drop-in"] {
            assert_eq!(harmless(good.into()), good);
        }
    }
}
