//! What was known and what is known now, side by side: which findings differ, and what was written down in between.
//!
//! ```text
//! Area as known then ─┐                       ┌─ findings whose verdict or severity differ
//! Area as known now  ─┴─► between ─► Restated ─┤
//! journal between the two ─► written ──────────┴─ records, what was done to them, on which day: nobody is named
//! ```

use std::{collections::BTreeMap, sync::Arc};

use chrono_tz::Europe::London;
use entity::journal_entry::{self, Column as C};
use method::{Finding, Severity, rules};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    Select,
};
use serde::Serialize;

use super::{
    Area, KnownAt,
    record::past,
    said::{Figure, Said},
    stp::Links,
    subject::{self, Brief},
    wanted::Wanted,
};
use crate::web::{filters, page::Link};

/// Entries that an STP's page lists; all are on a page of their own.
const LISTED: usize = 10;

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

/// A row of the two answers: a heading and a number of each, with their lists.
#[derive(Clone, Debug, Serialize)]
pub struct Sum {
    pub label: &'static str,
    pub then: Said,
    pub now: Said,
}

/// The numbers of both answers; `figure` counts in one of them what is wanted.
fn sums<T: ?Sized>(then: &T, now: &T, figure: impl Fn(&Wanted, &T) -> Figure) -> Vec<Sum> {
    let sum = |label, wanted: Wanted| Sum {
        label,
        then: figure(&wanted, then).plain(),
        now: figure(&wanted, now).plain(),
    };
    vec![
        sum("Gaps", Wanted::open()),
        sum("Critical or high", Wanted::open().of_severity("heavy")),
        sum("Met", Wanted::own("met")),
        sum("Unknown", Wanted::own("unknown")),
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
    /// "3 checks differ", with their list.
    pub differ: Said,
    pub changed: Vec<Changed>,
    /// The latest of them.
    pub written: Vec<Written>,
    /// "60 changes written down since", with their list; empty where there is none.
    pub written_all: Said,
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
    let code = &then.stp.code;
    let changed = between(then, now, links);
    let (written, all) = written(db, Some(code), until, 0, LISTED, links).await?;
    let all = figure_of("written", then, all);
    Ok(Restated {
        until: words(known),
        standing,
        sums: sums(then, now, |wanted, area| wanted.figure(area, links)),
        differ: differing(then, changed.len()),
        changed,
        written,
        written_all: match all.count {
            0 => Said::default(),
            _ => all.of("change", Some("changes")),
        },
        contacts: contacts(db, code, until).await?,
    })
}

/// "3 checks differ", with their list, in the look of an area that is set beside another.
pub fn differing(area: &Area, count: usize) -> Said {
    figure_of("differing", area, count).of("check differs", Some("checks differ"))
}

/// A number with its list under an STP's address.
fn figure_of(list: &str, area: &Area, count: usize) -> Figure {
    Figure { count, href: format!("/stps/{}/{list}?{}", area.stp.code, area.look.kept()) }
}

/// An area in which anything differs, for England's page.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    pub code: String,
    pub name: String,
    pub gaps: Sum,
    pub changed: Said,
    pub written: Said,
}

/// Both answers for England.
#[derive(Clone, Debug, Serialize)]
pub struct RestatedEngland {
    pub until: String,
    pub standing: String,
    pub sums: Vec<Sum>,
    pub areas: Vec<Moved>,
    /// "2 changes" to records of no area that were written in between, with their list; empty where there is none.
    pub national: Said,
}

/// Puts both answers for all areas side by side.
pub async fn england(
    db: &impl ConnectionTrait,
    known: KnownAt,
    until: i64,
    (then, now): (&[Arc<Area>], &[Arc<Area>]),
    standing: String,
) -> anyhow::Result<RestatedEngland> {
    let by_area = numbers(db, until).await?;
    let number = |code: &str| by_area.get(code).copied().unwrap_or(0);
    let mut moved = Vec::new();
    for area in then {
        let Some(other) = now.iter().find(|other| other.stp.code == area.stp.code) else { continue };
        let changed = between(area, other, Links::Public).len();
        let written = number(&area.stp.code);
        if changed > 0 || written > 0 {
            let figure = |wanted: Wanted, area: &Area| wanted.figure(area, Links::Public).plain();
            moved.push(Moved {
                code: area.stp.code.clone(),
                name: area.stp.display_name.clone(),
                gaps: Sum {
                    label: "Gaps",
                    then: figure(Wanted::open(), area),
                    now: figure(Wanted::open(), other),
                },
                changed: figure_of("differing", area, changed).plain(),
                written: figure_of("written", area, written).plain(),
            });
        }
    }
    let national = number("");
    let kept = then.first().map(|area| area.look.kept()).unwrap_or_default();
    Ok(RestatedEngland {
        until: words(known),
        standing,
        sums: sums(then, now, Wanted::figure_of_all),
        areas: moved,
        national: match national {
            0 => Said::default(),
            count => Figure { count, href: format!("/england/written?{kept}") }.of("change", Some("changes")),
        },
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

/// Until when it was known, in words.
pub fn words(known: KnownAt) -> String {
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
}

/// Tables of people: how many contacts a small group has could be counted from entries told one by one.
const OF_PEOPLE: [&str; 2] = ["stakeholders", "suppressions"];

/// What was written to the record after an entry, of an STP or of none.
fn since(stp: Option<&str>, until: i64) -> Select<journal_entry::Entity> {
    let of = match stp {
        Some(stp) => C::StpCode.eq(stp),
        None => C::StpCode.is_null(),
    };
    all_since(until).filter(of)
}

fn all_since(until: i64) -> Select<journal_entry::Entity> {
    journal_entry::Entity::find()
        .select_only()
        .filter(C::Seq.gt(until))
        .filter(C::SubjectTable.is_in(past::tables()))
        .filter(C::Action.is_not_in(["read", "export"]))
}

/// A page of what was written down about an STP after an entry, or about none of them, the latest first; and how much
/// it is in all.
pub async fn written(
    db: &impl ConnectionTrait,
    stp: Option<&str>,
    until: i64,
    from: usize,
    number: usize,
    links: Links,
) -> anyhow::Result<(Vec<Written>, usize)> {
    let told = since(stp, until).filter(C::SubjectTable.is_not_in(OF_PEOPLE));
    let all: Option<i64> = told.clone().column_as(C::Seq.count(), "entries").into_tuple().one(db).await?;
    let told: Vec<Told> = told
        .columns([C::At, C::Action, C::SubjectTable, C::SubjectId])
        .order_by_desc(C::Seq)
        .offset(u64::try_from(from)?)
        .limit(u64::try_from(number)?)
        .into_model()
        .all(db)
        .await?;
    let events = told.iter().filter(|entry| entry.subject_table == "events");
    let events: Vec<String> = events.map(|entry| entry.subject_id.clone()).collect();
    let briefs = subject::briefs(db, &events).await?;
    let prefix = match (links, stp) {
        (Links::Staff, Some(stp)) => format!("/work/stps/{stp}/events"),
        _ => "/events".to_owned(),
    };
    let page = told.iter().map(|entry| entry.written(briefs.get(&entry.subject_id), &prefix)).collect();
    Ok((page, usize::try_from(all.unwrap_or(0))?))
}

/// Whether what is known of an STP's contacts changed after an entry.
async fn contacts(db: &impl ConnectionTrait, stp: &str, until: i64) -> anyhow::Result<bool> {
    let any: Option<i64> = since(Some(stp), until)
        .filter(C::SubjectTable.is_in(OF_PEOPLE))
        .column(C::Seq)
        .limit(1)
        .into_tuple()
        .one(db)
        .await?;
    Ok(any.is_some())
}

/// How much was written down after an entry, by STP; under no code what is of none of them.
async fn numbers(db: &impl ConnectionTrait, until: i64) -> anyhow::Result<BTreeMap<String, usize>> {
    let rows: Vec<(Option<String>, i64)> = all_since(until)
        .filter(C::SubjectTable.is_not_in(OF_PEOPLE))
        .column(C::StpCode)
        .column_as(C::Seq.count(), "entries")
        .group_by(C::StpCode)
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter()
        .map(|(code, entries)| Ok((code.unwrap_or_default(), usize::try_from(entries)?)))
        .collect()
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
