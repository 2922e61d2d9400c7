//! One STP as its page shows it: open gaps first, then its councils, who was heard when, and the rest.

use std::collections::HashMap;

use method::{
    Finding, Severity, Verdict,
    rules::{self, Duty},
    words::Tier,
};
use serde::Serialize;

use super::{
    Area,
    counted::{What, Which},
    heard::People,
    matrix::{self, Cell},
    said::{Figure, Said},
    subject::{self, Subject},
    timeline::{self, Timeline},
    wanted::Wanted,
};
use crate::web::{filters, page::Link};

/// Cards that are shown at once; the others open.
const SHOWN: usize = 6;
/// Cards of one rule: more than there are groups or places, fewer than there may be events. All are on its list.
pub const OF_A_RULE: usize = 40;

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

/// A rule with more gaps than have cards.
#[derive(Clone, Debug, Serialize)]
pub struct Beyond {
    pub title: &'static str,
    /// All its open gaps.
    pub gaps: Said,
}

/// Gaps of the lowest severity, by rule.
#[derive(Clone, Debug, Serialize)]
pub struct Minor {
    pub rule: &'static str,
    pub title: &'static str,
    pub gaps: Said,
    pub closes: &'static str,
}

/// A council as a tile.
#[derive(Clone, Debug, Serialize)]
pub struct Tile {
    pub name: String,
    pub state: &'static str,
    pub said: String,
    pub href: String,
    /// Events that counted; their list is where the tile leads.
    pub count: usize,
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
    pub events: Said,
    pub last: Option<String>,
    pub people: Said,
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
    pub gaps: Said,
    pub sentence: Said,
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
    pub number: Said,
    pub label: &'static str,
    pub hint: Said,
    pub kind: &'static str,
}

/// The page of one STP.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub code: String,
    pub name: String,
    pub region: String,
    pub lede: Said,
    pub as_at: String,
    pub stats: Vec<Stat>,
    pub cards: Vec<Card>,
    pub more: Vec<Card>,
    pub beyond: Vec<Beyond>,
    pub minor: Vec<Minor>,
    pub councils: Vec<Tiles>,
    pub fringe: Vec<String>,
    pub timeline: Timeline,
    pub rows: Vec<Row>,
    pub domains: Vec<Domain>,
    pub plan: Vec<Fact>,
    /// What is on the register and in no verdict, or shown as a stub.
    pub notes: Said,
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
    let Gaps { mut cards, beyond, minor } = gaps(area, links);
    let more = cards.split_off(cards.len().min(SHOWN));
    View {
        code: area.stp.code.clone(),
        name: area.stp.display_name.clone(),
        region: area.stp.region.clone(),
        lede: lede(area, links),
        as_at: area.as_at.to_string(),
        stats: stats(area, links),
        cards,
        more,
        beyond,
        minor,
        councils: councils(area, links),
        fringe: area.places.iter().filter(|place| place.fringe).map(|place| place.name.clone()).collect(),
        timeline: timeline::of(area),
        rows: rows(area, links),
        domains: domains(area, links),
        plan: plan(area),
        notes: notes(area),
    }
}

/// The address of a finding, looked at in the same way.
fn address(area: &Area, found: &Finding, links: Links) -> String {
    format!("{}?{}", subject::address(links.prefix(), area, found), area.look.kept())
}

/// The area's events of a kind, with their list.
fn events(area: &Area, what: What, count: usize) -> Figure {
    Which::all(what).figure(&area.stp.code, &area.look, count)
}

/// "13 gaps are open, 4 of them high. 21 of 40 checks are met; in 6 the record cannot tell."
fn lede(area: &Area, links: Links) -> Said {
    let sum = area.assessment.summary;
    let figure = |wanted: Wanted| wanted.figure(area, links);
    let verb = if sum.gap == 1 { " is open" } else { " are open" };
    let weighed = |severity: &str| figure(Wanted::open().of_severity(severity));
    let weight = match (sum.critical, sum.high) {
        (0, 0) => Said::default(),
        (0, _) => Said::new(", ").and(weighed("high").plain()).words(" of them high"),
        (_, 0) => Said::new(", ").and(weighed("critical").plain()).words(" of them critical"),
        _ => Said::new(", ")
            .and(weighed("critical").plain())
            .words(" of them critical and ")
            .and(weighed("high").plain())
            .words(" high"),
    };
    let gaps = match sum.gap {
        0 => Said::new("No gap is open."),
        _ => figure(Wanted::open()).of("gap", None).words(verb).and(weight).words("."),
    };
    let unknown = match sum.unknown {
        0 => Said::new("."),
        _ => Said::new("; in ").and(figure(Wanted::own("unknown")).plain()).words(" the record cannot tell."),
    };
    gaps.words(" ")
        .and(figure(Wanted::own("met")).plain())
        .words(" of ")
        .and(figure(Wanted::own("applicable")).plain())
        .words(" checks are met")
        .and(unknown)
}

fn stats(area: &Area, links: Links) -> Vec<Stat> {
    let sum = area.assessment.summary;
    let tally = &area.tally;
    let figure = |wanted: Wanted| wanted.figure(area, links);
    let nested = if sum.nested == 0 {
        Said::default()
    } else {
        let nested = Wanted { follows: "nested".to_owned(), ..Wanted::own("gap") };
        Said::new("; ").and(figure(nested).plain()).words(" more follow from them")
    };
    let counted = events(area, What::Public, tally.public_counted);
    vec![
        Stat {
            number: figure(Wanted::open()).plain(),
            label: "Gaps open",
            hint: figure(Wanted::open().of_severity("critical"))
                .plain()
                .words(" critical, ")
                .and(figure(Wanted::open().of_severity("high")).plain())
                .words(" high")
                .and(nested),
            kind: "gap",
        },
        Stat {
            number: figure(Wanted::own("unknown")).plain(),
            label: "Unknown",
            hint: Said::new("checks where the record cannot tell"),
            kind: "unknown",
        },
        Stat {
            number: events(area, What::Held, tally.held).plain(),
            label: "Events held",
            hint: Said::new("and ")
                .and(events(area, What::Planned, tally.planned).plain())
                .words(" planned, ")
                .and(events(area, What::Cancelled, tally.cancelled).plain())
                .words(" cancelled"),
            kind: "",
        },
        Stat {
            number: match tally.public_counted {
                0 => Said::new("–"),
                _ => Said::default().figure(interval(tally.public)),
            },
            label: "Patients and public",
            hint: match tally.public_counted {
                0 => Said::new("nobody was counted at any event"),
                _ => Said::new("people, counted at ")
                    .and(counted.plain())
                    .words(" of ")
                    .and(events(area, What::Held, tally.held).plain())
                    .words(" events; some may have come more than once"),
            },
            kind: if tally.public_counted == 0 { "none" } else { "" },
        },
    ]
}

/// What is on the register and in no verdict, or shown by kind and day alone.
fn notes(area: &Area) -> Said {
    let mut said = Said::default();
    let tally = &area.tally;
    if area.undated > 0 {
        let of = events(area, What::Undated, area.undated).of("event", None);
        let rest = if area.undated == 1 { " has" } else { " have" };
        said = said.and(of).words(rest).words(" no known day and no part in any verdict. ");
    }
    if tally.beside > 0 {
        let of = events(area, What::Beside, tally.beside).of("held event", None);
        let rest = if tally.beside == 1 { " does" } else { " do" };
        said = said.and(of).words(rest).words(" not count, since the plan was not discussed. ");
    }
    if tally.stubs > 0 {
        let of = events(area, What::Stubs, tally.stubs).of("held event", None);
        let rest = if tally.stubs == 1 { " is" } else { " are" };
        said = said.and(of).words(rest).words(" not published and shown by kind and day alone.");
    }
    said
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

/// Open gaps as the page tells them.
struct Gaps {
    /// One by one, the heaviest first, up to a number of each rule.
    cards: Vec<Card>,
    /// The rules that have more.
    beyond: Vec<Beyond>,
    /// Those of low severity, by rule.
    minor: Vec<Minor>,
}

fn gaps(area: &Area, links: Links) -> Gaps {
    let mut open: Vec<&Finding> = area.assessment.gaps().collect();
    open.sort_by_key(|found| found.severity);
    let mut gaps = Gaps { cards: Vec::new(), beyond: Vec::new(), minor: Vec::new() };
    let mut told: HashMap<(&str, bool), usize> = HashMap::new();
    for found in open {
        let Some(rule) = rules::find(found.rule).map(|rule| rule.words) else { continue };
        let low = found.severity == Some(Severity::Low);
        let told = told.entry((rule.id, low)).or_default();
        *told += 1;
        if low && *told == 1 {
            let of = Wanted::open().of_severity("low").of_rule(rule.id);
            let (title, closes) = (rule.title, rule.closes);
            gaps.minor.push(Minor { rule: rule.id, title, gaps: of.figure(area, links).plain(), closes });
        } else if !low && *told <= OF_A_RULE {
            gaps.cards.push(card(area, found, links));
        } else if !low && *told == OF_A_RULE + 1 {
            let all = Wanted::open().of_rule(rule.id).figure(area, links);
            gaps.beyond.push(Beyond { title: rule.title, gaps: all.plain() });
        }
    }
    gaps
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
                href: address(area, nested, links),
            })
            .collect(),
        href: address(area, found, links),
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
        let count = found.counted.len();
        let said = match found.verdict {
            Verdict::Gap => "no event".to_owned(),
            Verdict::Unknown => "unknown".to_owned(),
            _ => filters::count(i64::try_from(count).unwrap_or(i64::MAX), "event", None),
        };
        Some(Tile {
            name: place.name.clone(),
            state: found.verdict.code(),
            said,
            count,
            href: address(area, found, links),
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
            events: Which::of(What::Held, heard.group)
                .figure(&area.stp.code, &area.look, heard.marks.len())
                .of("event", None),
            last: heard.last().map(filters::day),
            people: if heard.counted == 0 { Said::default() } else { timeline::attendances(area, heard) },
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
                        href: address(area, found, links),
                    })
                })
                .collect(),
        })
        .collect()
}

fn domains(area: &Area, links: Links) -> Vec<Domain> {
    let figure = |wanted: Wanted| wanted.figure(area, links);
    area.assessment
        .domain_summaries()
        .into_iter()
        .map(|of| Domain {
            name: of.domain.name(),
            gaps: match of.summary.gap {
                0 => Said::new("no gap"),
                _ => figure(Wanted::open().of_domain(of.domain)).of("gap", None),
            },
            sentence: Said::new("Met ")
                .and(figure(Wanted::own("met").of_domain(of.domain)).plain())
                .words(" of ")
                .and(figure(Wanted::own("applicable").of_domain(of.domain)).plain())
                .words(" that apply; ")
                .and(figure(Wanted::own("unknown").of_domain(of.domain)).plain())
                .words(" unknown"),
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
