//! Who was heard, in what numbers, and what they said.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use method::{
    StpAssessment, Verdict,
    record::Stp,
    words::{Audience, Group, Outcome, Publication},
};
use serde::Serialize;

use super::{countable, some_of, span};
use crate::reports::words::{self, Sum, one_line};

/// The groups, by audience.
#[derive(Clone, Debug, Serialize)]
pub struct Heard {
    pub audiences: Vec<AudienceRows>,
    /// How many groups have to be heard, waived ones left out, and how many of them were.
    pub required: u32,
    pub required_heard: u32,
}

/// The groups of one audience.
#[derive(Clone, Debug, Serialize)]
pub struct AudienceRows {
    pub name: &'static str,
    pub rows: Vec<GroupRow>,
}

/// A group: at how many events it took part, and how many people came.
#[derive(Clone, Debug, Serialize)]
pub struct GroupRow {
    pub name: &'static str,
    pub events: u32,
    /// People, in words; those who came more than once are counted each time.
    pub people: String,
    /// Events at which it took part in a number that is not on record.
    pub unnumbered: u32,
    /// Length of its bar, in hundredths of the longest.
    pub width: u64,
    /// `met`, `gap` or `not_applicable` where it has to be heard; nothing where it need not.
    pub verdict: Option<&'static str>,
}

/// Something that people said.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    pub text: String,
    /// What became of it; nothing where that is not on record.
    pub outcome: Option<&'static str>,
    pub outcome_code: &'static str,
    pub event: String,
    pub when: String,
}

impl Heard {
    pub(super) fn of(stp: &Stp, assessed: &StpAssessment, as_at: NaiveDate) -> Self {
        let standing: BTreeMap<&str, Verdict> = assessed
            .findings
            .iter()
            .filter(|finding| finding.rule == "COV-2")
            .map(|finding| (finding.subject.as_str(), finding.verdict))
            .collect();
        let counted: Vec<(Group, u32, Sum, u32)> = Group::ALL
            .iter()
            .map(|&group| {
                let (mut events, mut sum, mut unnumbered) = (0, Sum::default(), 0);
                for row in countable(stp, as_at)
                    .flat_map(|event| &event.participation)
                    .filter(|row| row.took_part && row.group == group)
                {
                    events += 1;
                    match row.attended {
                        Some(people) => sum.add(people),
                        None => unnumbered += 1,
                    }
                }
                (group, events, sum, unnumbered)
            })
            .collect();
        let longest = counted.iter().map(|(_, _, sum, _)| sum.weight()).max().unwrap_or(0).max(1);
        let row = |&(group, events, sum, unnumbered): &(Group, u32, Sum, u32)| GroupRow {
            name: group.name(),
            events,
            people: if events == 0 { "no record".to_owned() } else { sum.words() },
            unnumbered,
            width: sum.weight() * 100 / longest,
            verdict: standing.get(group.code()).map(|verdict| verdict.code()),
        };
        let shown = |(group, events, _, _): &&(Group, u32, Sum, u32)| {
            *events > 0 || standing.contains_key(group.code())
        };
        let audiences = Audience::ALL
            .iter()
            .map(|&audience| AudienceRows {
                name: audience.name(),
                rows: counted
                    .iter()
                    .filter(|one| one.0.audience() == audience)
                    .filter(shown)
                    .map(row)
                    .collect(),
            })
            .filter(|audience| !audience.rows.is_empty())
            .collect();
        let of = |wanted: Verdict| {
            u32::try_from(standing.values().filter(|&&verdict| verdict == wanted).count()).unwrap_or(u32::MAX)
        };
        let (met, gap) = (of(Verdict::Met), of(Verdict::Gap));
        Self { audiences, required: met + gap, required_heard: met }
    }
}

/// What people said at the events that are public, the latest first.
pub(super) fn said(stp: &Stp, as_at: NaiveDate) -> Vec<Said> {
    let mut events: Vec<_> =
        countable(stp, as_at).filter(|event| event.publication == Publication::Public).collect();
    events.sort_by(|a, b| (b.starts_on, &a.id).cmp(&(a.starts_on, &b.id)));
    let mut said = Vec::new();
    for event in events {
        let mut themes: Vec<_> = event.themes.iter().collect();
        themes.sort_by(|a, b| a.id.cmp(&b.id));
        for theme in themes {
            let Some(text) = &theme.text else { continue };
            said.push(Said {
                text: one_line(text),
                outcome: theme.outcome.map(Outcome::name),
                outcome_code: theme.outcome.map_or("none", |outcome| outcome.code()),
                event: words::event(event),
                when: words::when(event),
            });
        }
    }
    said
}

/// What was found, in a few sentences.
pub(super) fn finding(area: &str, stp: &Stp, assessed: &StpAssessment, as_at: NaiveDate) -> String {
    let Some(events) = span(countable(stp, as_at)) else {
        return format!("There is no record of any event at which the plan for {area} was discussed.");
    };
    let of = |wanted: Verdict| -> Vec<Group> {
        let found = assessed.findings.iter().filter(|one| one.rule == "COV-2" && one.verdict == wanted);
        found.filter_map(|one| Group::parse(&one.subject)).collect()
    };
    let (met, mut missed) = (of(Verdict::Met), of(Verdict::Gap));
    missed.sort_by_key(|group| Group::ALL.iter().position(|one| one == group));
    let opening = format!("There is a record of {events}, at which the plan for {area} was discussed.");
    if missed.is_empty() {
        return format!("{opening} All of the {} groups that have to be heard took part.", met.len());
    }
    let phrases: Vec<&str> = missed.into_iter().map(Group::phrase).collect();
    format!(
        "{opening} Of the {} groups that have to be heard, {} took part. There is no record of {} taking part.",
        met.len() + phrases.len(),
        met.len(),
        some_of(&phrases),
    )
}
