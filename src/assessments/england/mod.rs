//! England as its page shows it: the finding, the map, where to look first, the areas by group or by domain.

mod rows;

use std::{collections::BTreeMap, sync::Arc};

use method::{
    Finding, Severity, Summary, Verdict, rules,
    words::{Audience, Group},
};
use serde::Serialize;

pub use rows::{Head, Row, ago, completeness, heads};

use super::{
    Area, Look,
    counted::{What, Which},
    matrix,
    past::Past,
    said::{Figure, Said, number},
    stp::{Links, Stat},
    subject,
    wanted::Wanted,
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
    pub rule: String,
    /// What the cells are about.
    pub by: by::By,
    /// What the rows are sorted by; anything else is the name.
    pub sort: String,
    /// `desc` turns the order round.
    pub dir: String,
}

impl Filter {
    /// Whether the order is turned round.
    pub fn descending(&self) -> bool {
        self.dir == "desc"
    }
}

/// What the cells of the table are about.
pub mod by {
    /// The code that the address says.
    pub type By = &'static str;
    pub const GROUP: By = "group";
    pub const DOMAIN: By = "domain";

    /// Group, unless it says domain.
    pub fn parse(text: &str) -> By {
        if text == DOMAIN { DOMAIN } else { GROUP }
    }
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
    /// Critical and high gaps, with their list.
    pub number: usize,
    pub href: String,
    pub band: &'static str,
    pub said: String,
}

/// An area to look at first.
#[derive(Clone, Debug, Serialize)]
pub struct First {
    pub code: String,
    pub name: String,
    pub number: Said,
    pub said: String,
}

/// How many areas have no record of a group.
#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    pub label: &'static str,
    pub href: String,
    pub text: String,
    pub count: usize,
    pub width: usize,
}

#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub as_at: String,
    pub areas: usize,
    pub lede: Said,
    pub stats: Vec<Stat>,
    pub tiles: Vec<Tile>,
    pub first: Vec<First>,
    pub bars: Vec<Bar>,
    pub heads: Vec<Head>,
    pub rows: Vec<Row>,
    pub notes: Said,
}

/// How all of them are looked at.
fn look_of(areas: &[Arc<Area>]) -> Look {
    areas.first().map_or_else(|| Look::from(chrono::NaiveDate::default()), |area| area.look.clone())
}

/// A number of areas, with the table that lists them.
fn areas_with(kept: &str, count: usize, rule: &str, group: &str) -> Figure {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, text) in [("rule", rule), ("group", group)] {
        if !text.is_empty() {
            query.append_pair(name, text);
        }
    }
    let own = query.finish();
    let and = if own.is_empty() { "" } else { "&" };
    Figure { count, href: format!("/?{own}{and}{kept}#verdicts") }
}

/// Puts all areas into the shape of the page.
pub fn view(areas: &[Arc<Area>], pasts: &BTreeMap<String, Arc<Past>>, filter: &Filter) -> View {
    let as_at = areas.first().map(|area| area.as_at.to_string()).unwrap_or_default();
    let kept = look_of(areas).kept();
    let groups = matrix::required(areas.iter().map(AsRef::as_ref));
    let never = |group: Group| {
        areas.iter().filter(|area| area.verdict("COV-2", group.code()) == Some(Verdict::Gap)).count()
    };
    let missed: Vec<(Group, usize)> = groups.iter().map(|&group| (group, never(group))).collect();
    View {
        areas: areas.len(),
        lede: lede(areas, &missed, &kept),
        stats: stats(areas),
        tiles: areas.iter().map(|area| tile(area)).collect(),
        first: first(areas),
        bars: bars(&missed, &kept),
        heads: heads(areas, filter),
        rows: rows::rows(areas, pasts, filter),
        notes: notes(areas),
        as_at,
    }
}

/// "44 of 44 areas have at least one required group with no record of being heard."
fn lede(areas: &[Arc<Area>], missed: &[(Group, usize)], kept: &str) -> Said {
    let gap = |area: &&Arc<Area>| area.of_rule("COV-2").any(|found| found.verdict == Verdict::Gap);
    let short = areas.iter().filter(gap).count();
    let all = areas_with(kept, areas.len(), "", "");
    if short == 0 {
        return Said::new("Every required group has been heard in all ").and(all.plain()).words(" areas.");
    }
    let said = areas_with(kept, short, "COV-2", "")
        .plain()
        .words(" of ")
        .and(all.plain())
        .words(" areas have at least one required group with no record of being heard.");
    match missed.iter().max_by_key(|(_, areas)| *areas) {
        Some((group, count)) => said
            .words(format!(" Missed most often: {}, in ", group.phrase()))
            .and(areas_with(kept, *count, "COV-2", group.code()).of("area", None))
            .words("."),
        None => said,
    }
}

/// All of England's events of a kind, with their list.
fn events(areas: &[Arc<Area>], what: What, of: fn(&Area) -> usize) -> Figure {
    let look = look_of(areas);
    Which::all(what).figure("", &look, areas.iter().map(|area| of(area)).sum())
}

/// What is on the register and in no verdict, or shown by kind and day alone.
fn notes(areas: &[Arc<Area>]) -> Said {
    let mut said = Said::default();
    let undated = events(areas, What::Undated, |area| area.undated);
    if undated.count > 0 {
        let rest = if undated.count == 1 { " is" } else { " are" };
        said = said.and(undated.of("event", None)).words(rest);
        said = said.words(" on the register without a known day and in no verdict. ");
    }
    let stubs = events(areas, What::Stubs, |area| area.tally.stubs);
    if stubs.count > 0 {
        let rest = if stubs.count == 1 { " is" } else { " are" };
        said = said.and(stubs.of("held event", None)).words(rest);
        said = said.words(" not published and shown by kind and day alone.");
    }
    said
}

fn stats(areas: &[Arc<Area>]) -> Vec<Stat> {
    let gaps = |wanted: Wanted| wanted.figure_of_all(areas);
    let held = events(areas, What::Held, |area| area.tally.held);
    let planned = events(areas, What::Planned, |area| area.tally.planned);
    let more = match planned.count {
        0 => Said::default(),
        _ => Said::new("; ").and(planned.plain()).words(" more planned or announced"),
    };
    vec![
        Stat {
            number: gaps(Wanted::open()).plain(),
            label: "Gaps open",
            hint: gaps(Wanted::open().of_severity("critical"))
                .plain()
                .words(" critical, ")
                .and(gaps(Wanted::open().of_severity("high")).plain())
                .words(" high"),
            kind: "gap",
        },
        Stat {
            number: gaps(Wanted::own("unknown")).plain(),
            label: "Unknown",
            hint: Said::new("checks where the record cannot tell"),
            kind: "unknown",
        },
        Stat {
            number: held.plain(),
            label: "Events held",
            hint: Said::new("with the plan discussed").and(more),
            kind: "",
        },
        Stat {
            number: events(areas, What::Undated, |area| area.undated).plain(),
            label: "Without a date",
            hint: Said::new("on the register, and in no verdict"),
            kind: "none",
        },
    ]
}

fn tile(area: &Area) -> Tile {
    let heavy = Wanted::open().of_severity("heavy").figure(area, Links::Public);
    Tile {
        code: area.stp.code.clone(),
        letters: area.stp.tile.clone(),
        name: area.stp.display_name.clone(),
        row: area.stp.tile_row - 1,
        col: area.stp.tile_col,
        band: match (area.tally.held, heavy.count) {
            (0, _) => "none",
            (_, 0) => "0",
            (_, 1..=4) => "1",
            (_, 5..=9) => "2",
            (_, _) => "3",
        },
        said: weight(&area.assessment.summary),
        number: heavy.count,
        href: heavy.href,
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

/// The same with each number's list.
fn weighed(area: &Area) -> Said {
    let sum = area.assessment.summary;
    let of = |severity: &str| Wanted::open().of_severity(severity).figure(area, Links::Public);
    match (sum.critical, sum.high) {
        (0, _) => of("high").of("high gap", None),
        (_, 0) => of("critical").of("critical gap", None),
        _ => of("critical").plain().words(" critical and ").and(of("high").of("high gap", None)),
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
            number: weighed(area),
            said: about(area),
        })
        .collect()
}

/// What the heavy gaps of an area are about: "Staff; Local Healthwatch; Bournemouth and others".
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
    let more = names.len() > 3;
    names.truncate(3);
    let text = names.join("; ");
    if more { format!("{text} and others") } else { text }
}

fn bars(missed: &[(Group, usize)], kept: &str) -> Vec<Bar> {
    let most = missed.iter().map(|(_, areas)| *areas).max().unwrap_or(0).max(1);
    missed
        .iter()
        .map(|(group, count)| {
            let areas = areas_with(kept, *count, "COV-2", group.code());
            Bar {
                label: group.name(),
                href: areas.href,
                text: number(*count),
                count: *count,
                width: count * 100 / most,
            }
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
