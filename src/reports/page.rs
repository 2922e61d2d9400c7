//! What the page of an edition shows, worked out from its record and assessment.
//!
//! Everything here comes from the disclosed record: nothing that the edition's own `record.json` does not hold can
//! stand on its page.

pub mod england;
pub mod heard;
pub mod missed;
pub mod took_place;

use chrono::{DateTime, NaiveDate, Utc};
use method::{
    Assessment, Record,
    record::{Event, Stp},
    words::EventStatus,
};
use serde::Serialize;

use super::{
    changes::Changes,
    edition::{self, Heading},
    words,
};
use crate::web::filters::{count, day};

/// The page of an edition.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub title: String,
    pub area: String,
    pub slug: String,
    pub number: u32,
    pub path: String,
    pub stp: Option<String>,
    pub as_at: NaiveDate,
    pub published_at: DateTime<Utc>,
    /// What was found, in a sentence or three.
    pub finding: String,
    pub standard: String,
    pub method: String,
    pub record_sha256: String,
    pub journal_head: String,
    pub attributions: Vec<String>,
    pub numbers: Vec<Number>,
    /// Of an STP's edition.
    pub one: Option<One>,
    /// Of England's.
    pub england: Option<england::England>,
    pub changes: Option<Changes>,
    pub files: Vec<FileRow>,
}

/// A number at the head of the page.
#[derive(Clone, Debug, Serialize)]
pub struct Number {
    pub number: u32,
    pub label: &'static str,
    pub hint: String,
}

/// What the page of an STP's edition shows beside what every edition does.
#[derive(Clone, Debug, Serialize)]
pub struct One {
    pub domains: Vec<DomainRow>,
    pub heard: heard::Heard,
    pub said: Vec<heard::Said>,
    pub missed: Vec<missed::RuleGaps>,
    pub unknown: Vec<missed::RuleUnknown>,
    pub plan_published_on: Option<NaiveDate>,
    pub engagement_plan_published_on: Option<NaiveDate>,
    pub events: Vec<took_place::EventRow>,
    pub next: Vec<took_place::EventRow>,
}

/// A part of the method and how its findings stand.
#[derive(Clone, Debug, Serialize)]
pub struct DomainRow {
    pub name: &'static str,
    pub met: u32,
    pub applicable: u32,
    pub unknown: u32,
    pub gap: u32,
}

/// A file to have.
#[derive(Clone, Debug, Serialize)]
pub struct FileRow {
    pub name: String,
    pub what: &'static str,
    pub format: &'static str,
    pub size: usize,
    /// Whether the size is only nearly known when the page is made.
    pub about: bool,
}

impl FileRow {
    pub fn new(name: &str, size: usize, about: bool) -> Self {
        Self {
            name: name.to_owned(),
            what: edition::description(name),
            format: edition::format(name),
            size,
            about,
        }
    }
}

impl Report {
    /// The page of an edition of this record and assessment. An error where an STP's edition is not of that STP alone.
    pub fn of(
        heading: &Heading,
        record: &Record,
        assessment: &Assessment,
        changes: Option<Changes>,
        files: Vec<FileRow>,
    ) -> anyhow::Result<Self> {
        let as_at = assessment.as_at;
        let (one, england, finding, numbers) = match (&heading.stp, record.stps.as_slice()) {
            (Some(code), [stp]) if stp.code.as_str() == code => {
                let assessed =
                    assessment.stp(code).ok_or_else(|| anyhow::anyhow!("{code} was not assessed"))?;
                let one = One {
                    domains: domains(assessed),
                    heard: heard::Heard::of(stp, assessed, as_at),
                    said: heard::said(stp, as_at),
                    missed: missed::by_rule(stp, assessed),
                    unknown: missed::unknown(stp, assessed),
                    plan_published_on: stp.plan_published_on.filter(|&on| on <= as_at),
                    engagement_plan_published_on: stp.engagement_plan_published_on.filter(|&on| on <= as_at),
                    events: took_place::events(stp, as_at),
                    next: took_place::next(stp, as_at),
                };
                let finding = heard::finding(&heading.area, stp, assessed, as_at);
                let numbers = numbers(stp, assessed, &one.heard, as_at);
                (Some(one), None, finding, numbers)
            }
            (Some(code), _) => anyhow::bail!("the record is not of {code} alone"),
            (None, _) => {
                let england = england::England::of(record, assessment, as_at);
                let (finding, numbers) = (england.finding(record, as_at), england.numbers());
                (None, Some(england), finding, numbers)
            }
        };
        Ok(Self {
            title: heading.title.clone(),
            area: heading.area.clone(),
            slug: heading.slug.clone(),
            number: heading.number,
            path: heading.path(),
            stp: heading.stp.clone(),
            as_at,
            published_at: heading.published_at,
            finding,
            standard: assessment.standard.clone(),
            method: assessment.method.to_owned(),
            record_sha256: assessment.record_sha256.clone(),
            journal_head: heading.journal_head.clone(),
            attributions: heading.attributions.clone(),
            numbers,
            one,
            england,
            changes,
            files,
        })
    }
}

fn domains(assessed: &method::StpAssessment) -> Vec<DomainRow> {
    let row = |domain: method::DomainSummary| DomainRow {
        name: domain.domain.name(),
        met: domain.summary.met,
        applicable: domain.summary.applicable,
        unknown: domain.summary.unknown,
        gap: domain.summary.gap,
    };
    assessed.domain_summaries().into_iter().map(row).collect()
}

fn numbers(
    stp: &Stp,
    assessed: &method::StpAssessment,
    heard: &heard::Heard,
    as_at: NaiveDate,
) -> Vec<Number> {
    let sum = assessed.summary;
    let counted = u32::try_from(countable(stp, as_at).count()).unwrap_or(u32::MAX);
    vec![
        Number { number: counted, label: "Events held", hint: "at which the plan was discussed".into() },
        Number {
            number: heard.required_heard,
            label: "Groups heard",
            hint: format!("of {} that have to be", heard.required),
        },
        Number {
            number: sum.gap,
            label: "Gaps",
            hint: format!("{} critical, {} high", sum.critical, sum.high),
        },
        Number { number: sum.unknown, label: "Unknown", hint: "where the record cannot tell".into() },
    ]
}

/// Whether an event was on the record on that day.
pub(super) fn known(event: &Event, as_at: NaiveDate) -> bool {
    event.created_on.unwrap_or(event.starts_on) <= as_at
}

/// The events that count: held by that day, on the record by then, the plan discussed.
pub(super) fn countable(stp: &Stp, as_at: NaiveDate) -> impl Iterator<Item = &Event> {
    stp.events.iter().filter(move |event| {
        event.status == EventStatus::Held
            && event.starts_on <= as_at
            && event.stp_discussed
            && known(event, as_at)
    })
}

/// "12 events, from 11 January 2017 to 20 May 2017", or nothing where there are none.
pub(super) fn span<'a>(events: impl Iterator<Item = &'a Event>) -> Option<String> {
    let mut days: Vec<NaiveDate> = events.map(|event| event.starts_on).collect();
    days.sort_unstable();
    let (first, last) = (*days.first()?, *days.last()?);
    let events = count(i64::try_from(days.len()).unwrap_or(i64::MAX), "event", None);
    Some(if first == last {
        format!("{events}, on {}", day(first))
    } else {
        format!("{events}, from {} to {}", day(first), day(last))
    })
}

/// Phrases one after another, and how many more there are: "carers, residents and 3 other groups".
pub(super) fn some_of(phrases: &[&str]) -> String {
    const SHOWN: usize = 6;
    if phrases.len() <= SHOWN + 1 {
        return words::list(phrases);
    }
    let more = format!("{} other groups", phrases.len() - SHOWN);
    let mut shown = phrases[..SHOWN].to_vec();
    shown.push(&more);
    words::list(&shown)
}
