//! One STP as its page shows it: open gaps first, then its councils, who was heard when, and the rest.

use method::{
    Finding, Severity, Verdict,
    rules::{self, Duty},
    words::Tier,
};
use serde::Serialize;

use super::{
    Area,
    heard::People,
    matrix::{self, Cell},
    subject::{self, Subject},
    timeline::{self, Timeline},
};
use crate::web::{filters, page::Link};

/// Cards that are shown at once; the others open.
const SHOWN: usize = 6;

/// An open gap as a card.
#[derive(Clone, Debug, Serialize)]
pub struct Card {
    pub anchor: String,
    pub rule: &'static str,
    pub title: &'static str,
    pub subject: Subject,
    pub severity: &'static str,
    /// How long: "never", "230 days".
    pub age: String,
    pub sentence: String,
    pub duty: &'static str,
    pub asks: &'static str,
    pub closes: String,
    /// The gaps that this one explains.
    pub nested: Vec<Link>,
    pub href: String,
}

/// Gaps of the lowest severity, by rule.
#[derive(Clone, Debug, Serialize)]
pub struct Minor {
    pub rule: &'static str,
    pub title: &'static str,
    pub number: usize,
    pub closes: &'static str,
    pub href: String,
}

/// A council as a tile.
#[derive(Clone, Debug, Serialize)]
pub struct Tile {
    pub name: String,
    pub state: &'static str,
    pub said: String,
    pub href: String,
}

/// A county with its districts, or the councils that have none.
#[derive(Clone, Debug, Serialize)]
pub struct Tiles {
    /// Name of the county; empty for councils with one tier.
    pub county: String,
    pub tiles: Vec<Tile>,
}

/// A required group as a row.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub code: &'static str,
    pub name: &'static str,
    pub audience: &'static str,
    pub events: usize,
    pub events_href: String,
    pub last: Option<String>,
    pub people: String,
    pub cell: Cell,
    pub verdicts: Vec<RowVerdict>,
}

/// A verdict in a row: which rule, and where it is told in full.
#[derive(Clone, Debug, Serialize)]
pub struct RowVerdict {
    pub rule: &'static str,
    pub title: &'static str,
    pub verdict: &'static str,
    pub href: String,
}

/// What a domain of the method comes to.
#[derive(Clone, Debug, Serialize)]
pub struct Domain {
    pub name: &'static str,
    pub sentence: String,
    pub gap: u32,
    pub met: u32,
    pub unknown: u32,
}

/// A fact with its term.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    pub term: &'static str,
    pub text: String,
    pub href: String,
    pub note: String,
}

/// One of the four numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Stat {
    pub number: String,
    pub label: &'static str,
    pub hint: String,
    pub kind: &'static str,
}

/// The page of one STP.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub code: String,
    pub name: String,
    pub region: String,
    pub lede: String,
    pub as_at: String,
    pub stats: Vec<Stat>,
    pub cards: Vec<Card>,
    pub more: Vec<Card>,
    pub minor: Vec<Minor>,
    pub councils: Vec<Tiles>,
    pub fringe: Vec<String>,
    pub timeline: Timeline,
    pub rows: Vec<Row>,
    pub domains: Vec<Domain>,
    pub plan: Vec<Fact>,
    pub undated: usize,
    pub stubs: usize,
    pub beside: usize,
}

/// Which pages the links lead to: those for anyone, or those of staff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    Public,
    Staff,
}

impl Links {
    /// What the addresses of the STP's pages begin with.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Public => "",
            Self::Staff => "/work",
        }
    }
}

/// Puts an area into the shape of its page.
pub fn view(area: &Area, links: Links) -> View {
    let (mut cards, minor) = gaps(area, links);
    let more = cards.split_off(cards.len().min(SHOWN));
    View {
        code: area.stp.code.clone(),
        name: area.stp.display_name.clone(),
        region: area.stp.region.clone(),
        lede: lede(area),
        as_at: area.as_at.to_string(),
        stats: stats(area),
        cards,
        more,
        minor,
        councils: councils(area, links),
        fringe: area.places.iter().filter(|place| place.fringe).map(|place| place.name.clone()).collect(),
        timeline: timeline::of(area),
        rows: rows(area, links),
        domains: domains(area),
        plan: plan(area),
        undated: area.undated,
        stubs: area.tally.stubs,
        beside: area.tally.beside,
    }
}

/// "13 gaps are open, 4 of them high. 21 of 40 checks are met; in 6 the record cannot tell."
fn lede(area: &Area) -> String {
    let sum = area.assessment.summary;
    let (verb, many) = if sum.gap == 1 { ("is", "gap") } else { ("are", "gaps") };
    let weight = match (sum.critical, sum.high) {
        (0, 0) => String::new(),
        (0, high) => format!(", {high} of them high"),
        (critical, 0) => format!(", {critical} of them critical"),
        (critical, high) => format!(", {critical} of them critical and {high} high"),
    };
    let gaps = if sum.gap == 0 {
        "No gap is open.".to_owned()
    } else {
        format!("{} {many} {verb} open{weight}.", sum.gap)
    };
    let unknown = match sum.unknown {
        0 => String::new(),
        number => format!("; in {number} the record cannot tell"),
    };
    format!("{gaps} {} of {} checks are met{unknown}.", sum.met, sum.applicable)
}

fn stats(area: &Area) -> Vec<Stat> {
    let sum = area.assessment.summary;
    let tally = &area.tally;
    let nested = match sum.nested {
        0 => String::new(),
        number => format!("; {number} more follow from them"),
    };
    vec![
        Stat {
            number: number(sum.gap),
            label: "Gaps open",
            hint: format!("{} critical, {} high{nested}", sum.critical, sum.high),
            kind: "gap",
        },
        Stat {
            number: number(sum.unknown),
            label: "Unknown",
            hint: "checks where the record cannot tell".to_owned(),
            kind: "unknown",
        },
        Stat {
            number: filters::thousands(wide(tally.held)),
            label: "Events held",
            hint: format!("and {} planned, {} cancelled", tally.planned, tally.cancelled),
            kind: "",
        },
        Stat {
            number: if tally.public_counted == 0 { "–".to_owned() } else { interval(tally.public) },
            label: "Patients and public",
            hint: match tally.public_counted {
                0 => "nobody was counted at any event".to_owned(),
                events => {
                    format!("counted at {events} of {} events; some may have come more than once", tally.held)
                }
            },
            kind: if tally.public_counted == 0 { "none" } else { "" },
        },
    ]
}

fn number(number: u32) -> String {
    filters::thousands(number.into())
}

fn wide(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// "400", "400 to 1,240", "under 5".
pub fn interval(people: People) -> String {
    let text = |number: u64| filters::thousands(i64::try_from(number).unwrap_or(i64::MAX));
    match (people.low, people.high) {
        (1, 4) => "under 5".to_owned(),
        (low, high) if low == high => text(low),
        (low, high) => format!("{} to {}", text(low), text(high)),
    }
}

/// Open gaps, the heaviest first; those of low severity are told by rule.
fn gaps(area: &Area, links: Links) -> (Vec<Card>, Vec<Minor>) {
    let mut open: Vec<&Finding> = area.assessment.gaps().collect();
    open.sort_by_key(|found| found.severity);
    let (low, high): (Vec<&Finding>, Vec<&Finding>) =
        open.into_iter().partition(|found| found.severity == Some(Severity::Low));
    let cards = high.into_iter().map(|found| card(area, found, links)).collect();
    let mut minor: Vec<Minor> = Vec::new();
    for found in low {
        match minor.iter_mut().find(|minor| minor.rule == found.rule) {
            Some(minor) => minor.number += 1,
            None => minor.extend(rules::find(found.rule).map(|rule| Minor {
                rule: rule.words.id,
                title: rule.words.title,
                number: 1,
                closes: rule.words.closes,
                href: format!(
                    "{}/stps/{}/gaps?verdict=gap&rule={}",
                    links.prefix(),
                    area.stp.code,
                    rule.words.id
                ),
            })),
        }
    }
    (cards, minor)
}

/// A gap as a card.
pub fn card(area: &Area, found: &Finding, links: Links) -> Card {
    let words = rules::find(found.rule).map(|rule| rule.words);
    let duty = words.and_then(|words| words.duties.first());
    let nested = area.assessment.nested_under(found).filter(|nested| nested.verdict == Verdict::Gap);
    Card {
        anchor: subject::anchor(found),
        rule: found.rule,
        title: words.map_or("", |words| words.title),
        subject: subject::name(area, found),
        severity: found.severity.map_or("", Severity::code),
        age: age(area, found),
        sentence: found.sentence.clone(),
        duty: duty.map_or("", |duty: &Duty| duty.name),
        asks: duty.map_or("", |duty: &Duty| duty.sentence),
        closes: found.closes.to_string(),
        nested: nested
            .map(|nested| Link {
                label: subject::name(area, nested).name,
                href: subject::address(links.prefix(), area, nested),
            })
            .collect(),
        href: subject::address(links.prefix(), area, found),
    }
}

/// How long a gap has been there, where the record says.
fn age(area: &Area, found: &Finding) -> String {
    match (found.rule, found.inputs.get("days")) {
        (_, Some(method::Input::Number(days))) => filters::count(*days, "day", None),
        ("OPN-2", _) => match found.inputs.get("plan_due_on") {
            Some(method::Input::Day(due)) => {
                filters::count((area.as_at - *due).num_days(), "day overdue", Some("days overdue"))
            }
            _ => String::new(),
        },
        _ => String::new(),
    }
}

fn councils(area: &Area, links: Links) -> Vec<Tiles> {
    let tile = |place: &method::record::Place| {
        let found = area.assessment.finding("GEO-1", place.code.as_str())?;
        let events = match found.inputs.get("events") {
            Some(method::Input::Number(events)) => *events,
            _ => 0,
        };
        let said = match found.verdict {
            Verdict::Gap => "no event".to_owned(),
            Verdict::Unknown => "unknown".to_owned(),
            _ => filters::count(events.max(1), "event", None),
        };
        Some(Tile {
            name: place.name.clone(),
            state: found.verdict.code(),
            said,
            href: subject::address(links.prefix(), area, found),
        })
    };
    let upper = || area.places.iter().filter(|place| place.tier == Tier::Upper);
    let districts = |of: &method::record::Place| -> Vec<Tile> {
        area.places.iter().filter(|place| place.parent.as_ref() == Some(&of.code)).filter_map(tile).collect()
    };
    let mut alone = Vec::new();
    let mut counties = Vec::new();
    for place in upper() {
        let inside = districts(place);
        if inside.is_empty() {
            alone.extend(tile(place));
        } else {
            let tiles = tile(place).into_iter().chain(inside).collect();
            counties.push(Tiles { county: place.name.clone(), tiles });
        }
    }
    let alone = Some(Tiles { county: String::new(), tiles: alone }).filter(|alone| !alone.tiles.is_empty());
    alone.into_iter().chain(counties).collect()
}

fn rows(area: &Area, links: Links) -> Vec<Row> {
    area.heard
        .iter()
        .filter(|heard| heard.required)
        .map(|heard| Row {
            code: heard.group.code(),
            name: heard.group.name(),
            audience: heard.group.audience().name(),
            events: heard.marks.len(),
            events_href: area
                .assessment
                .finding("COV-2", heard.group.code())
                .map(|found| subject::address(links.prefix(), area, found))
                .unwrap_or_default(),
            last: heard.last().map(filters::day),
            people: if heard.counted == 0 { String::new() } else { timeline::attendances(heard) },
            cell: matrix::cell(area, heard.group),
            verdicts: area
                .assessment
                .findings
                .iter()
                .filter(|found| {
                    found.subject == heard.group.code() && found.verdict != Verdict::NotApplicable
                })
                .filter_map(|found| {
                    Some(RowVerdict {
                        rule: found.rule,
                        title: rules::find(found.rule)?.words.title,
                        verdict: found.verdict.code(),
                        href: subject::address(links.prefix(), area, found),
                    })
                })
                .collect(),
        })
        .collect()
}

fn domains(area: &Area) -> Vec<Domain> {
    area.assessment
        .domain_summaries()
        .into_iter()
        .map(|domain| Domain {
            name: domain.domain.name(),
            sentence: domain.sentence(),
            gap: domain.summary.gap,
            met: domain.summary.met,
            unknown: domain.summary.unknown,
        })
        .collect()
}

fn plan(area: &Area) -> Vec<Fact> {
    let stp = &area.stp;
    let day = |day: Option<chrono::NaiveDate>| day.map(filters::day);
    let words = stp.plan_published_words.clone().filter(|words| !words.is_empty());
    let published = words.or_else(|| day(stp.plan_published_on)).unwrap_or_default();
    vec![
        Fact {
            term: "Work on the plan began",
            text: day(stp.plan_started_on).unwrap_or_default(),
            href: String::new(),
            note: String::new(),
        },
        Fact {
            term: "Plan published",
            text: published,
            href: stp.plan_published_url.clone().filter(|url| filters::is_web(url)).unwrap_or_default(),
            note: stp.plan_published_note.clone().unwrap_or_default(),
        },
        Fact {
            term: "Engagement plan published",
            text: day(stp.engagement_plan_published_on).unwrap_or_default(),
            href: String::new(),
            note: String::new(),
        },
        Fact {
            term: "Residents",
            text: filters::thousands(stp.population.into()),
            href: String::new(),
            note: String::new(),
        },
        Fact { term: "Region", text: stp.region.clone(), href: String::new(), note: String::new() },
    ]
}
