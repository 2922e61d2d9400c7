//! All of England's STPs side by side, in the order of the alphabet: no score and no ranking, and beside each what its
//! record holds and lacks.

use chrono::NaiveDate;
use method::{
    Assessment, Record, StpAssessment, Verdict,
    record::Stp,
    rules,
    words::{Audience, Group},
};
use serde::Serialize;

use super::{Number, countable, span};
use crate::web::filters::count;

/// What England's edition shows.
#[derive(Clone, Debug, Serialize)]
pub struct England {
    pub stps: Vec<StpRow>,
    pub groups: Vec<GroupRow>,
    pub rules: Vec<RuleRow>,
    /// STPs whose plan, and whose plan for engagement, was published by that day.
    pub plans: usize,
    pub engagement_plans: usize,
}

/// An STP.
#[derive(Clone, Debug, Serialize)]
pub struct StpRow {
    pub code: String,
    pub name: String,
    pub events: usize,
    pub heard: usize,
    pub required: usize,
    pub gap: u32,
    pub grave: u32,
    pub unknown: u32,
    /// How complete its record is: of so many rows of participation, so many have a number; and so on.
    pub rows: usize,
    pub numbered: usize,
    pub levelled: usize,
    pub evidenced: usize,
}

/// A group, and in how many STPs it was heard.
#[derive(Clone, Debug, Serialize)]
pub struct GroupRow {
    pub name: &'static str,
    pub audience: &'static str,
    pub heard: usize,
    pub required: usize,
}

/// A rule, and where it found gaps.
#[derive(Clone, Debug, Serialize)]
pub struct RuleRow {
    pub id: &'static str,
    pub title: &'static str,
    pub gaps: usize,
    pub stps: usize,
}

impl England {
    pub(super) fn of(record: &Record, assessment: &Assessment, as_at: NaiveDate) -> Self {
        let mut stps: Vec<StpRow> = record
            .stps
            .iter()
            .filter_map(|stp| Some(StpRow::of(stp, assessment.stp(stp.code.as_str())?, as_at)))
            .collect();
        stps.sort_by(|a, b| (&a.name, &a.code).cmp(&(&b.name, &b.code)));
        let published = |on: Option<NaiveDate>| on.is_some_and(|on| on <= as_at);
        Self {
            stps,
            groups: Group::ALL
                .iter()
                .map(|&group| GroupRow::of(group, assessment))
                .filter(|row| row.required > 0)
                .collect(),
            rules: rules::all()
                .iter()
                .map(|rule| RuleRow::of(rule, assessment))
                .filter(|row| row.gaps > 0)
                .collect(),
            plans: record.stps.iter().filter(|stp| published(stp.plan_published_on)).count(),
            engagement_plans: record
                .stps
                .iter()
                .filter(|stp| published(stp.engagement_plan_published_on))
                .count(),
        }
    }

    pub(super) fn finding(&self, record: &Record, as_at: NaiveDate) -> String {
        let all = self.stps.len();
        let Some(events) = span(record.stps.iter().flat_map(|stp| countable(stp, as_at))) else {
            return format!("There is no record of any event at which one of the {all} plans was discussed.");
        };
        let heard = |audience: Audience| {
            record
                .stps
                .iter()
                .filter(|stp| {
                    countable(stp, as_at).any(|event| audience.groups().any(|group| event.took(group)))
                })
                .count()
        };
        let [public, staff, councils] = [Audience::Public, Audience::Staff, Audience::Councils].map(heard);
        format!(
            "There is a record of {events}, at which one of the {all} plans was discussed. Patients or the public took \
             part in {public} of the {all} areas, staff in {staff} and local authorities in {councils}."
        )
    }

    pub(super) fn numbers(&self) -> Vec<Number> {
        let whole = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let silent = self.stps.iter().filter(|stp| stp.events == 0).count();
        let gaps: u32 = self.stps.iter().map(|stp| stp.gap).sum();
        let grave: u32 = self.stps.iter().map(|stp| stp.grave).sum();
        vec![
            Number {
                number: whole(self.stps.iter().map(|stp| stp.events).sum()),
                label: "Events held",
                hint: format!("in {}", count(i64::from(whole(self.stps.len() - silent)), "STP", None)),
            },
            Number {
                number: whole(silent),
                label: "STPs without a record",
                hint: "of any event about the plan".into(),
            },
            Number { number: gaps, label: "Gaps", hint: format!("{grave} critical or high") },
            Number {
                number: self.stps.iter().map(|stp| stp.unknown).sum(),
                label: "Unknown",
                hint: "where the record cannot tell".into(),
            },
        ]
    }
}

impl StpRow {
    fn of(stp: &Stp, assessed: &StpAssessment, as_at: NaiveDate) -> Self {
        let events: Vec<_> = countable(stp, as_at).collect();
        let rows: Vec<_> =
            events.iter().flat_map(|event| &event.participation).filter(|row| row.took_part).collect();
        let heard = verdicts(assessed, "COV-2", Verdict::Met);
        Self {
            code: stp.code.to_string(),
            name: stp.name.clone(),
            events: events.len(),
            heard,
            required: heard + verdicts(assessed, "COV-2", Verdict::Gap),
            gap: assessed.summary.gap,
            grave: assessed.summary.critical + assessed.summary.high,
            unknown: assessed.summary.unknown,
            rows: rows.len(),
            numbered: rows.iter().filter(|row| row.attended.is_some()).count(),
            levelled: events.iter().filter(|event| event.level.is_some()).count(),
            evidenced: events
                .iter()
                .filter(|event| event.evidence_count.is_some_and(|count| count > 0))
                .count(),
        }
    }
}

impl GroupRow {
    fn of(group: Group, assessment: &Assessment) -> Self {
        let of = |wanted: Verdict| {
            let standing = |stp: &&StpAssessment| {
                stp.finding("COV-2", group.code()).is_some_and(|finding| finding.verdict == wanted)
            };
            assessment.stps.iter().filter(standing).count()
        };
        let heard = of(Verdict::Met);
        Self {
            name: group.name(),
            audience: group.audience().name(),
            heard,
            required: heard + of(Verdict::Gap),
        }
    }
}

impl RuleRow {
    fn of(rule: &'static rules::Rule, assessment: &Assessment) -> Self {
        let in_each =
            assessment.stps.iter().map(|stp| stp.gaps().filter(|gap| gap.rule == rule.words.id).count());
        let (gaps, stps) =
            in_each.fold((0, 0), |(gaps, stps), here| (gaps + here, stps + usize::from(here > 0)));
        Self { id: rule.words.id, title: rule.words.title, gaps, stps }
    }
}

fn verdicts(assessed: &StpAssessment, rule: &str, wanted: Verdict) -> usize {
    assessed.findings.iter().filter(|one| one.rule == rule && one.verdict == wanted).count()
}
