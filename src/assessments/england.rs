//! England as its page shows it: the finding, the map, where to look first, verdicts by area and group.

use std::sync::Arc;

use method::{
    Finding, Severity, Summary, Verdict, rules,
    words::{Audience, Group},
};
use serde::Serialize;

use super::{
    Area,
    matrix::{self, Cell, Columns},
    stp::Stat,
    subject,
};
use crate::web::filters;

/// Areas named as those to look at first.
const FIRST: usize = 6;

/// What the table is narrowed to; empty texts narrow nothing.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub region: String,
    /// A group or an audience.
    pub group: String,
    pub severity: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Tile {
    pub code: String,
    pub letters: String,
    pub name: String,
    /// From the top, 0 to 10.
    pub row: i32,
    /// From the left, 1 to 8.
    pub col: i32,
    /// Critical and high gaps.
    pub number: u32,
    pub band: &'static str,
    pub said: String,
}

/// An area to look at first.
#[derive(Clone, Debug, Serialize)]
pub struct First {
    pub code: String,
    pub name: String,
    pub number: String,
    pub said: String,
}

/// How many areas have no record of a group.
#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    pub label: &'static str,
    pub href: String,
    pub text: String,
    pub width: usize,
}

/// An area as a row of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub code: String,
    pub name: String,
    pub gaps: u32,
    pub heavy: u32,
    pub cells: Vec<Cell>,
    /// The same in words, for cards: who was never heard, who not lately, who was.
    pub said: Vec<Said>,
}

/// The groups of an area with one verdict.
#[derive(Clone, Debug, Serialize)]
pub struct Said {
    pub word: &'static str,
    pub groups: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub as_at: String,
    pub areas: usize,
    /// Areas with at least one required group that was never heard.
    pub short: usize,
    /// The group missed most often, and in how many areas.
    pub most: Option<(&'static str, usize)>,
    pub stats: Vec<Stat>,
    pub tiles: Vec<Tile>,
    pub first: Vec<First>,
    pub bars: Vec<Bar>,
    pub columns: Vec<Columns>,
    /// Whether the columns are few, so that there is room for words.
    pub wide: bool,
    pub rows: Vec<Row>,
    pub undated: usize,
    pub stubs: usize,
}

/// Puts all areas into the shape of the page.
pub fn view(areas: &[Arc<Area>], filter: &Filter) -> View {
    let groups = matrix::required(areas.iter().map(AsRef::as_ref));
    let never = |group: Group| {
        areas.iter().filter(|area| area.verdict("COV-2", group.code()) == Some(Verdict::Gap)).count()
    };
    let missed: Vec<(Group, usize)> = groups.iter().map(|&group| (group, never(group))).collect();
    let most = missed.iter().max_by_key(|(_, areas)| *areas).filter(|(_, areas)| *areas > 0);
    let shown: Vec<Group> =
        groups.iter().copied().filter(|group| group_shown(*group, &filter.group)).collect();
    let rows: Vec<Row> =
        areas.iter().filter(|area| row_shown(area, filter)).map(|area| row(area, &shown)).collect();
    View {
        as_at: areas.first().map(|area| area.as_at.to_string()).unwrap_or_default(),
        areas: areas.len(),
        short: areas
            .iter()
            .filter(|area| area.of_rule("COV-2").any(|found| found.verdict == Verdict::Gap))
            .count(),
        most: most.map(|(group, areas)| (group.phrase(), *areas)),
        stats: stats(areas),
        tiles: areas.iter().map(|area| tile(area)).collect(),
        first: first(areas),
        bars: bars(&missed),
        columns: matrix::columns(&shown),
        wide: shown.len() <= 6,
        rows,
        undated: areas.iter().map(|area| area.undated).sum(),
        stubs: areas.iter().map(|area| area.tally.stubs).sum(),
    }
}

fn group_shown(group: Group, wanted: &str) -> bool {
    wanted.is_empty() || group.code() == wanted || group.audience().code() == wanted
}

fn row_shown(area: &Area, filter: &Filter) -> bool {
    let region = filter.region.is_empty() || area.stp.region == filter.region;
    let severity = filter.severity.is_empty()
        || area
            .assessment
            .gaps()
            .any(|gap| gap.severity.is_some_and(|severity| severity.code() == filter.severity));
    region && severity
}

fn row(area: &Area, groups: &[Group]) -> Row {
    let sum = area.assessment.summary;
    let cells: Vec<Cell> = groups.iter().map(|&group| matrix::cell(area, group)).collect();
    let said = |word: &'static str| {
        let with = cells.iter().filter(|cell| cell.word == word);
        let groups: Vec<String> = with.map(|cell| cell.group.replace('\u{ad}', "")).collect();
        Some(Said { word, groups: groups.join(", ") }).filter(|said| !said.groups.is_empty())
    };
    let said = ["Never", "Stale", "Unknown", "Waived", "Met"].into_iter().filter_map(said).collect();
    Row {
        code: area.stp.code.clone(),
        name: area.stp.display_name.clone(),
        gaps: sum.gap,
        heavy: sum.critical + sum.high,
        said,
        cells,
    }
}

fn stats(areas: &[Arc<Area>]) -> Vec<Stat> {
    let sum = |of: fn(&Summary) -> u32| {
        areas.iter().map(|area| i64::from(of(&area.assessment.summary))).sum::<i64>()
    };
    let tally = |of: fn(&Area) -> usize| {
        i64::try_from(areas.iter().map(|area| of(area)).sum::<usize>()).unwrap_or(i64::MAX)
    };
    let silent = areas.iter().filter(|area| area.tally.held == 0).count();
    vec![
        Stat {
            number: filters::thousands(sum(|sum| sum.gap)),
            label: "Gaps open",
            hint: format!(
                "{} critical, {} high",
                filters::thousands(sum(|sum| sum.critical)),
                filters::thousands(sum(|sum| sum.high))
            ),
            kind: "gap",
        },
        Stat {
            number: filters::thousands(sum(|sum| sum.unknown)),
            label: "Unknown",
            hint: "checks where the record cannot tell".to_owned(),
            kind: "unknown",
        },
        Stat {
            number: filters::thousands(tally(|area| area.tally.held)),
            label: "Events held",
            hint: match silent {
                0 => format!(
                    "in all {} areas; {} more planned or announced",
                    areas.len(),
                    filters::thousands(tally(|area| area.tally.planned))
                ),
                silent => format!("in {} of {} areas", areas.len() - silent, areas.len()),
            },
            kind: "",
        },
        Stat {
            number: filters::thousands(tally(|area| area.undated)),
            label: "Without a date",
            hint: "on the register, and in no verdict".to_owned(),
            kind: "none",
        },
    ]
}

fn tile(area: &Area) -> Tile {
    let sum = area.assessment.summary;
    let number = sum.critical + sum.high;
    Tile {
        code: area.stp.code.clone(),
        letters: area.stp.tile.clone(),
        name: area.stp.display_name.clone(),
        row: area.stp.tile_row - 1,
        col: area.stp.tile_col,
        number,
        band: match (area.tally.held, number) {
            (0, _) => "none",
            (_, 0) => "0",
            (_, 1..=4) => "1",
            (_, 5..=9) => "2",
            (_, _) => "3",
        },
        said: weight(&sum),
    }
}

/// "2 critical and 9 high gaps".
fn weight(sum: &Summary) -> String {
    match (sum.critical, sum.high) {
        (0, 0) => "no critical or high gap".to_owned(),
        (0, high) => filters::count(high.into(), "high gap", None),
        (critical, 0) => filters::count(critical.into(), "critical gap", None),
        (critical, high) => {
            format!("{critical} critical and {}", filters::count(high.into(), "high gap", None))
        }
    }
}

/// The areas with most critical and high gaps, and what the heaviest are about.
fn first(areas: &[Arc<Area>]) -> Vec<First> {
    let mut heavy: Vec<&Arc<Area>> = areas
        .iter()
        .filter(|area| area.assessment.summary.critical + area.assessment.summary.high > 0)
        .collect();
    heavy.sort_by_key(|area| {
        std::cmp::Reverse((area.assessment.summary.critical, area.assessment.summary.high))
    });
    heavy
        .into_iter()
        .take(FIRST)
        .map(|area| First {
            code: area.stp.code.clone(),
            name: area.stp.display_name.clone(),
            number: weight(&area.assessment.summary),
            said: about(area),
        })
        .collect()
}

/// What the heavy gaps of an area are about: "Staff; Local Healthwatch; Bournemouth and 3 more".
fn about(area: &Area) -> String {
    let mut heavy: Vec<&Finding> = area
        .assessment
        .gaps()
        .filter(|gap| matches!(gap.severity, Some(Severity::Critical | Severity::High)))
        .collect();
    heavy.sort_by_key(|gap| gap.severity);
    let mut names: Vec<String> = Vec::new();
    for gap in heavy {
        let title = rules::find(gap.rule).map_or("", |rule| rule.words.title);
        let subject = subject::name(area, gap).name;
        let name =
            if gap.rule == "REC-1" { format!("{subject} ({})", title.to_lowercase()) } else { subject };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let more = names.len().saturating_sub(3);
    names.truncate(3);
    let text = names.join("; ");
    if more > 0 { format!("{text} and {more} more") } else { text }
}

fn bars(missed: &[(Group, usize)]) -> Vec<Bar> {
    let most = missed.iter().map(|(_, areas)| *areas).max().unwrap_or(0).max(1);
    missed
        .iter()
        .map(|(group, areas)| Bar {
            label: group.name(),
            href: format!("/?group={}#verdicts", group.code()),
            text: areas.to_string(),
            width: areas * 100 / most,
        })
        .collect()
}

/// The choices of the filter: regions, and groups under their audiences.
pub fn choices(areas: &[Arc<Area>]) -> (Vec<String>, Vec<(String, String)>) {
    let mut regions: Vec<String> = areas.iter().map(|area| area.stp.region.clone()).collect();
    regions.sort();
    regions.dedup();
    let groups = matrix::required(areas.iter().map(AsRef::as_ref));
    let mut all = Vec::new();
    for &audience in Audience::SCORED {
        all.push((audience.code().to_owned(), format!("{} (all groups)", audience.name())));
        let own = groups.iter().filter(|group| group.audience() == audience);
        all.extend(own.map(|group| (group.code().to_owned(), group.name().to_owned())));
    }
    (regions, all)
}
