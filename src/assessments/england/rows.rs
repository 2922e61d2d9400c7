//! The table of areas: how complete the record is, gaps, what changed since the last quarter, then by group or by
//! domain. Each number opens the rows that it counts.

use std::{cmp::Reverse, collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use method::{
    Verdict,
    rules::Domain,
    words::{Audience, Group},
};
use serde::Serialize;

use super::{
    super::{
        Area,
        counted::{What, Which},
        heard::Heard,
        matrix,
        past::{Change, Past},
        said::Said,
        stp::{Links, interval},
        wanted::Wanted,
    },
    Filter, by,
};

/// An area as a row.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub code: String,
    pub name: String,
    /// The four facts of its events: how many of those that count have each.
    pub events: Said,
    pub facts: Vec<Fact>,
    pub gaps: Said,
    pub heavy: Said,
    pub change: Said,
    /// "12 days ago", "never".
    pub last: String,
    pub cells: Vec<Cell>,
}

/// One of the four facts.
#[derive(Clone, Debug, Serialize)]
pub struct Fact {
    pub name: &'static str,
    pub number: Said,
}

/// What is said of an area under one heading.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    pub head: String,
    /// Symbol and colour where there is one verdict; empty where the lines have their own.
    pub state: &'static str,
    pub shade: &'static str,
    pub word: &'static str,
    pub lines: Vec<Line>,
}

/// A line of a cell.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// Its symbol; empty for none.
    pub state: &'static str,
    pub shade: &'static str,
    pub said: Said,
}

/// A heading of the cells.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    pub text: String,
    pub name: String,
}

/// The rows that the filter lets through, in the order asked for.
pub fn rows(areas: &[Arc<Area>], pasts: &BTreeMap<String, Arc<Past>>, filter: &Filter) -> Vec<Row> {
    let mut shown: Vec<&Arc<Area>> = areas.iter().filter(|area| is_shown(area, filter)).collect();
    let change = |area: &Area| pasts.get(&area.stp.code).map(|past| Change::between(past, area));
    // Sorting keeps the alphabet among equals, whichever way it goes.
    match filter.sort.as_str() {
        "completeness" => sort(&mut shown, filter, completeness),
        "gaps" => sort(&mut shown, filter, |area| i64::from(area.assessment.summary.gap)),
        "heavy" => sort(&mut shown, filter, |area| {
            let sum = area.assessment.summary;
            i64::from(sum.critical) * 100_000 + i64::from(sum.critical + sum.high)
        }),
        "last" => sort(&mut shown, filter, |area| {
            area.tally.last.map_or(i64::MIN, |last| i64::from(chrono::Datelike::num_days_from_ce(&last)))
        }),
        "change" => sort(&mut shown, filter, |area| change(area).map_or(0, |change| change.more())),
        _ if filter.descending() => shown.reverse(),
        _ => {}
    }
    let groups = groups(areas, filter);
    shown.into_iter().map(|area| row(area, change(area), &groups, filter)).collect()
}

fn sort(areas: &mut [&Arc<Area>], filter: &Filter, key: impl Fn(&Area) -> i64) {
    if filter.descending() {
        areas.sort_by_cached_key(|area| Reverse(key(area)));
    } else {
        areas.sort_by_cached_key(|area| key(area));
    }
}

/// The share of the four facts on record, in millionths; areas without events come first.
pub fn completeness(area: &Area) -> i64 {
    match area.tally.held {
        0 => -1,
        held => i64::try_from(area.tally.facts() * 1_000_000 / (4 * held)).unwrap_or(0),
    }
}

/// Whether an area fits: its region, and a gap of the rule, group and severity asked for.
fn is_shown(area: &Area, filter: &Filter) -> bool {
    if !filter.region.is_empty() && area.stp.region != filter.region {
        return false;
    }
    if filter.rule.is_empty() && filter.severity.is_empty() {
        return true;
    }
    let wanted = Wanted {
        verdict: "gap".to_owned(),
        rule: filter.rule.clone(),
        severity: filter.severity.clone(),
        group: filter.group.clone(),
        // A rule's gaps are all of its own; a severity's are those that totals count.
        follows: if filter.rule.is_empty() { "own".to_owned() } else { String::new() },
        ..Wanted::default()
    };
    wanted.count(area) > 0
}

/// The groups that have a column of their own: those of the audience asked for, or the one.
fn groups(areas: &[Arc<Area>], filter: &Filter) -> Vec<Group> {
    if filter.group.is_empty() {
        return Vec::new();
    }
    let wanted = |group: &Group| group.code() == filter.group || group.audience().code() == filter.group;
    matrix::required(areas.iter().map(AsRef::as_ref)).into_iter().filter(wanted).collect()
}

/// The headings of the cells.
pub fn heads(areas: &[Arc<Area>], filter: &Filter) -> Vec<Head> {
    let head = |text: &str, name: &str| Head { text: text.to_owned(), name: name.to_owned() };
    match filter.by {
        by::DOMAIN => domains().map(|domain| head(domain.name(), domain.name())).collect(),
        _ if filter.group.is_empty() => {
            Audience::SCORED.iter().map(|audience| head(audience.name(), audience.name())).collect()
        }
        _ => groups(areas, filter).iter().map(|group| head(matrix::short(*group), group.name())).collect(),
    }
}

fn domains() -> impl Iterator<Item = Domain> {
    let has_rules = |domain: &&Domain| method::rules::all().iter().any(|rule| rule.words.domain == **domain);
    Domain::ALL.iter().filter(has_rules).copied()
}

fn row(area: &Area, change: Option<Change>, groups: &[Group], filter: &Filter) -> Row {
    let tally = &area.tally;
    let events = |what: What, count: usize| Which::all(what).figure(&area.stp.code, &area.look, count);
    let gaps = |wanted: Wanted| wanted.figure(area, Links::Public);
    let facts = [
        ("level", What::Level, tally.level),
        ("numbers", What::Numbers, tally.numbers),
        ("evidence", What::Evidence, tally.evidence),
        ("public", What::Published, tally.published),
    ];
    let cells = match filter.by {
        by::DOMAIN => domains().map(|domain| domain_cell(area, domain)).collect(),
        _ if groups.is_empty() && filter.group.is_empty() => {
            Audience::SCORED.iter().map(|&audience| audience_cell(area, audience)).collect()
        }
        _ => groups.iter().map(|&group| group_cell(area, group)).collect(),
    };
    Row {
        code: area.stp.code.clone(),
        name: area.stp.display_name.clone(),
        events: match tally.held {
            0 => Said::new("no event"),
            held => events(What::Held, held).of("event", None),
        },
        facts: facts
            .into_iter()
            .filter(|_| tally.held > 0)
            .map(|(name, what, count)| Fact { name, number: events(what, count).plain() })
            .collect(),
        gaps: gaps(Wanted::open()).plain(),
        heavy: gaps(Wanted::open().of_severity("heavy")).plain(),
        change: change.map(|change| change.said(area)).unwrap_or_default(),
        last: tally.last.map_or_else(|| "never".to_owned(), |last| ago(last, area.as_at)),
        cells,
    }
}

/// "12 days ago", "today".
pub fn ago(day: NaiveDate, as_at: NaiveDate) -> String {
    match (as_at - day).num_days() {
        ..=0 => "today".to_owned(),
        days => format!("{} ago", crate::web::filters::count(days, "day", None)),
    }
}

/// A verdict of COV-2 and REC-1 on an audience's groups, with the rows that it counts.
fn audience_cell(area: &Area, audience: Audience) -> Cell {
    let of = |rule: &str, verdict: Verdict| {
        Wanted { verdict: verdict.code().to_owned(), ..Wanted::default() }
            .of_rule(rule)
            .about(audience.code())
    };
    let asked =
        area.heard.iter().filter(|heard| heard.required && heard.group.audience() == audience).count();
    let all = [
        ("met", "met", "Heard lately", of("REC-1", Verdict::Met)),
        ("gap", "stale", "Not lately", of("REC-1", Verdict::Gap)),
        ("unknown", "unknown", "Unknown", of("REC-1", Verdict::Unknown)),
        ("gap", "never", "Never", of("COV-2", Verdict::Gap)),
        ("not_applicable", "not_applicable", "Waived", of("COV-2", Verdict::NotApplicable)),
    ];
    let lines = all.into_iter().filter_map(|(state, shade, word, wanted)| {
        let figure = wanted.figure(area, Links::Public);
        let said = match figure.count {
            0 => return None,
            count if count == asked => {
                let text = format!("all {asked} groups");
                Said::new(format!("{word}: ")).counted(figure, text)
            }
            _ => Said::new(format!("{word}: ")).and(figure.plain()),
        };
        Some(Line { state, shade, said })
    });
    Cell { head: audience.name().to_owned(), state: "", shade: "", word: "", lines: lines.collect() }
}

/// P4.1: events, people reached, days since the last; never and long ago differ.
fn group_cell(area: &Area, group: Group) -> Cell {
    let cell = matrix::cell(area, group);
    let heard = area.heard.iter().find(|heard| heard.group == group);
    let mut lines = Vec::new();
    let plain = |said: Said| Line { state: "", shade: "", said };
    if let Some(heard) = heard.filter(|heard| !heard.marks.is_empty()) {
        if let Some(last) = Heard::last(heard) {
            lines.push(plain(Said::new(ago(last, area.as_at))));
        }
        let events = Which::of(What::Held, group)
            .figure(&area.stp.code, &area.look, heard.marks.len())
            .of("event", None);
        let said = match heard.counted {
            0 => events.words("; people not counted"),
            _ => events.words("; ").figure(interval(heard.people)).words(" people"),
        };
        lines.push(plain(said));
    }
    Cell {
        head: matrix::short(group).to_owned(),
        state: cell.state,
        shade: cell.shade,
        word: cell.word,
        lines,
    }
}

fn domain_cell(area: &Area, domain: Domain) -> Cell {
    let figure = |wanted: Wanted| wanted.of_domain(domain).figure(area, Links::Public);
    let applicable = figure(Wanted::own("applicable"));
    if applicable.count == 0 {
        let line = Line { state: "none", shade: "none", said: Said::new("does not arise") };
        return Cell { head: domain.name().to_owned(), state: "", shade: "", word: "", lines: vec![line] };
    }
    let gaps = figure(Wanted::open());
    let (state, shade) = if gaps.count == 0 { ("met", "met") } else { ("gap", "stale") };
    let unknown = figure(Wanted::own("unknown"));
    let mut lines = vec![
        Line { state, shade, said: if gaps.count == 0 { Said::new("no gap") } else { gaps.of("gap", None) } },
        Line {
            state: "",
            shade: "",
            said: Said::new("met ")
                .and(figure(Wanted::own("met")).plain())
                .words(" of ")
                .and(applicable.plain()),
        },
    ];
    if unknown.count > 0 {
        lines.push(Line { state: "", shade: "", said: unknown.plain().words(" unknown") });
    }
    Cell { head: domain.name().to_owned(), state: "", shade: "", word: "", lines }
}
