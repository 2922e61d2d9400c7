//! What was known and what is known now, side by side: which findings differ, and what was written down in between.
//!
//! ```text
//! Area as known then ─┐                       ┌─ findings whose verdict or severity differ
//! Area as known now  ─┴─► between ─► Restated ─┤
//! journal between the two ─► written ──────────┴─ records, what was done to them, on which day: nobody is named
//! ```

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Europe::London;
use entity::journal_entry;
use method::{Finding, Severity, Summary, rules};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde::Serialize;

use super::{
    Area, KnownAt,
    record::past,
    stp::Links,
    subject::{self, Brief},
};
use crate::web::{filters, page::Link};

/// Entries that are listed at most; beyond, their number is said.
const LISTED: usize = 50;

/// How a finding stands; two empty texts where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Standing {
    pub verdict: &'static str,
    pub severity: &'static str,
}

impl Standing {
    fn of(found: Option<&Finding>) -> Self {
        found.map_or_else(Self::default, |found| Self {
            verdict: found.verdict.code(),
            severity: found.severity.map_or("", Severity::code),
        })
    }
}

/// A finding that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub rule: &'static str,
    pub title: &'static str,
    pub subject: String,
    pub then: Standing,
    pub now: Standing,
    /// Where it is told in full.
    pub href: String,
}

/// The findings that differ between two assessments of an area, in the order of the method page. Links lead to where
/// the first of them is shown.
pub fn between(then: &Area, now: &Area, links: Links) -> Vec<Changed> {
    let mut changed = Vec::new();
    let of = |area: &Area, found: &Finding, before: Option<&Finding>, after: Option<&Finding>| {
        let (before, after) = (Standing::of(before), Standing::of(after));
        (before != after).then(|| Changed {
            rule: found.rule,
            title: rules::find(found.rule).map_or("", |rule| rule.words.title),
            subject: subject::name(area, found).name,
            then: before,
            now: after,
            href: subject::address(links.prefix(), area, found),
        })
    };
    for found in &then.assessment.findings {
        let after = now.assessment.finding(found.rule, &found.subject);
        changed.extend(of(then, found, Some(found), after));
    }
    for found in &now.assessment.findings {
        if then.assessment.finding(found.rule, &found.subject).is_none() {
            changed.extend(of(now, found, None, Some(found)));
        }
    }
    changed.sort_by_key(|one| {
        (rules::all().iter().position(|rule| rule.words.id == one.rule), one.subject.clone())
    });
    changed
}

/// A row of the two answers: a heading and a number of each.
#[derive(Clone, Debug, Serialize)]
pub struct Sum {
    pub label: &'static str,
    pub then: u32,
    pub now: u32,
}

fn sums(then: &Summary, now: &Summary) -> Vec<Sum> {
    let sum = |label, of: fn(&Summary) -> u32| Sum { label, then: of(then), now: of(now) };
    vec![
        sum("Gaps", |sum| sum.gap),
        sum("Critical or high", |sum| sum.critical + sum.high),
        sum("Met", |sum| sum.met),
        sum("Unknown", |sum| sum.unknown),
    ]
}

/// Something that was written down in between.
#[derive(Clone, Debug, Serialize)]
pub struct Written {
    /// What was done: "Event added".
    pub what: String,
    /// When, in words.
    pub when: String,
    /// The record, where it can be shown.
    pub record: Option<Link>,
}

/// Both answers for an area.
#[derive(Clone, Debug, Serialize)]
pub struct Restated {
    /// Until when the first of them looks, in words.
    pub until: String,
    /// The address of the other: the same without `known_at`.
    pub standing: String,
    pub sums: Vec<Sum>,
    pub changed: Vec<Changed>,
    pub written: Vec<Written>,
    /// How many entries there are in all.
    pub written_all: usize,
    /// Whether what is known of contacts changed: they are not told one by one.
    pub contacts: bool,
}

/// Puts both answers for an area side by side. `until` is the number of the last entry that the first of them knows.
pub async fn area(
    db: &impl ConnectionTrait,
    known: KnownAt,
    until: i64,
    (then, now): (&Area, &Area),
    links: Links,
    standing: String,
) -> anyhow::Result<Restated> {
    let entries = entries(db, Some(&then.stp.code), until).await?;
    let events: Vec<String> = entries
        .told
        .iter()
        .take(LISTED)
        .filter(|entry| entry.subject_table == "events")
        .map(|entry| entry.subject_id.clone())
        .collect();
    let briefs = subject::briefs(db, &events).await?;
    let prefix = match links {
        Links::Public => "/events".to_owned(),
        Links::Staff => format!("/work/stps/{}/events", then.stp.code),
    };
    let written =
        entries.told.iter().take(LISTED).map(|entry| entry.written(briefs.get(&entry.subject_id), &prefix));
    Ok(Restated {
        until: words(known),
        standing,
        sums: sums(&then.assessment.summary, &now.assessment.summary),
        changed: between(then, now, links),
        written: written.collect(),
        written_all: entries.told.len(),
        contacts: entries.contacts,
    })
}

/// An area in which anything differs, for England's page.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    pub code: String,
    pub name: String,
    pub sums: Vec<Sum>,
    pub changed: usize,
    pub written: usize,
}

/// Both answers for England.
#[derive(Clone, Debug, Serialize)]
pub struct RestatedEngland {
    pub until: String,
    pub standing: String,
    pub sums: Vec<Sum>,
    pub areas: Vec<Moved>,
    /// Records of no area that were written in between.
    pub national: usize,
}

/// Puts both answers for all areas side by side.
pub async fn england(
    db: &impl ConnectionTrait,
    known: KnownAt,
    until: i64,
    (then, now): (&[std::sync::Arc<Area>], &[std::sync::Arc<Area>]),
    standing: String,
) -> anyhow::Result<RestatedEngland> {
    let entries = entries(db, None, until).await?;
    let mut by_area = BTreeMap::<&str, usize>::new();
    for entry in &entries.told {
        *by_area.entry(entry.stp_code.as_deref().unwrap_or_default()).or_default() += 1;
    }
    let all = |areas: &[std::sync::Arc<Area>]| {
        Summary::of(areas.iter().flat_map(|area| area.assessment.findings.iter()))
    };
    let mut moved = Vec::new();
    for area in then {
        let Some(other) = now.iter().find(|other| other.stp.code == area.stp.code) else { continue };
        let changed = between(area, other, Links::Public).len();
        let written = by_area.get(area.stp.code.as_str()).copied().unwrap_or(0);
        if changed > 0 || written > 0 {
            moved.push(Moved {
                code: area.stp.code.clone(),
                name: area.stp.display_name.clone(),
                sums: sums(&area.assessment.summary, &other.assessment.summary),
                changed,
                written,
            });
        }
    }
    Ok(RestatedEngland {
        until: words(known),
        standing,
        sums: sums(&all(then), &all(now)),
        areas: moved,
        national: by_area.get("").copied().unwrap_or(0),
    })
}

/// One finding as known then and as known now.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    pub until: String,
    pub standing: String,
    pub then: Standing,
    pub then_sentence: String,
    pub now: Standing,
    pub now_sentence: String,
}

/// Puts a finding beside what it is now.
pub fn pair(known: KnownAt, then: Option<&Finding>, now: Option<&Finding>, standing: String) -> Pair {
    let sentence = |found: Option<&Finding>| found.map(|found| found.sentence.clone()).unwrap_or_default();
    Pair {
        until: words(known),
        standing,
        then: Standing::of(then),
        then_sentence: sentence(then),
        now: Standing::of(now),
        now_sentence: sentence(now),
    }
}

fn words(known: KnownAt) -> String {
    match known {
        KnownAt::Day(day) => filters::day(day),
        KnownAt::Instant(at) => filters::instant(&at),
    }
}

/// An entry, without who made it.
#[derive(sea_orm::FromQueryResult)]
struct Told {
    at: chrono::DateTime<chrono::Utc>,
    action: String,
    subject_table: String,
    subject_id: String,
    stp_code: Option<String>,
}

struct Entries {
    /// The latest first.
    told: Vec<Told>,
    contacts: bool,
}

/// What was written to the record after an entry.
async fn entries(db: &impl ConnectionTrait, stp: Option<&str>, until: i64) -> anyhow::Result<Entries> {
    use journal_entry::Column as C;
    let mut select = journal_entry::Entity::find()
        .select_only()
        .columns([C::At, C::Action, C::SubjectTable, C::SubjectId, C::StpCode])
        .filter(C::Seq.gt(until))
        .filter(C::SubjectTable.is_in(past::tables()))
        .filter(C::Action.is_not_in(["read", "export"]))
        .order_by_desc(C::Seq);
    if let Some(stp) = stp {
        select = select.filter(C::StpCode.eq(stp));
    }
    let all = select.into_model::<Told>().all(db).await?;
    let of_people = BTreeSet::from(["stakeholders", "suppressions"]);
    // How many contacts a small group has could be counted from entries told one by one.
    let (people, told): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|entry| of_people.contains(entry.subject_table.as_str()));
    Ok(Entries { told, contacts: !people.is_empty() })
}

impl Told {
    fn written(&self, brief: Option<&Brief>, events: &str) -> Written {
        let noun = noun(&self.subject_table);
        let done = match self.action.as_str() {
            "create" | "import" if self.subject_table == "stps" => "changed",
            "create" | "import" => "added",
            "cancel" => "cancelled",
            "withdraw" => "withdrawn",
            "undo" | "remove" | "delete" => "taken away",
            "adopt" => "adopted",
            _ => "changed",
        };
        Written {
            what: format!("{noun} {done}"),
            when: filters::day(self.at.with_timezone(&London).date_naive()),
            record: brief
                .map(|brief| Link { label: brief.title.clone(), href: format!("{events}/{}", brief.id) }),
        }
    }
}

/// What a record of a table is called, at the start of a line.
fn noun(table: &str) -> String {
    let known = match table {
        "stps" => "The plan's days",
        "bodies" => "Body",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let mut noun = table.replace('_', " ");
    if let Some(stem) = noun.strip_suffix("ies") {
        noun = format!("{stem}y");
    } else if noun.ends_with('s') {
        noun.pop();
    }
    if let Some(first) = noun.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    noun
}
