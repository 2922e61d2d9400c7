//! The figures of England's page as tables: the areas, the areas by group, the areas by domain.

use std::{collections::BTreeMap, sync::Arc};

use method::{Summary, rules::Domain};

use super::{
    Area,
    england::Row,
    files::columns,
    funnel::{self, place, rate},
    matrix,
    past::{Change, Past},
};
use crate::export::{Cell, Kind, Table};

const N: Kind = Kind::Number;
const T: Kind = Kind::Text;
const D: Kind = Kind::Day;

/// The columns of the table of areas.
pub const AREAS: &[(&str, &str, Kind)] = &[
    ("as_at", "Day of the assessment", D),
    ("stp_code", "GSS code of the area", T),
    ("stp_name", "Name of the area", T),
    ("region", "NHS region", T),
    ("population", "Residents, mid-year estimate", N),
    ("events_held", "Events that count: held by the day, the plan discussed", N),
    ("events_with_level", "Of these, with the level of participation on record", N),
    ("events_with_numbers", "Of these, with a number of people", N),
    ("events_with_evidence", "Of these, with evidence", N),
    ("events_published", "Of these, published", N),
    ("events_planned", "Events planned", N),
    ("events_cancelled", "Events cancelled", N),
    ("events_not_discussed", "Events held without the plan being discussed: they do not count", N),
    ("events_not_published", "Events held and not published: shown as stubs", N),
    ("events_undated", "Events on the register without a known day: in no verdict", N),
    ("last_event_on", "Last day of an event that counts", D),
    ("days_since_last_event", "Days from then to the day of the assessment", N),
    ("applicable", "Checks that apply: met, unknown and gap, without those that follow from another gap", N),
    ("met", "Checks met", N),
    ("unknown", "Checks where the record cannot tell", N),
    ("gaps", "Gaps open, without those that follow from another gap", N),
    ("gaps_critical", "Of these, critical", N),
    ("gaps_high", "Of these, high", N),
    ("gaps_medium", "Of these, medium", N),
    ("gaps_low", "Of these, low", N),
    ("gaps_nested", "Gaps that follow from another gap", N),
    ("compared_with", "The end of the quarter before", D),
    ("gaps_then", "Gaps open then", N),
    ("gaps_opened", "Gaps open now that were none then", N),
    ("gaps_closed", "Gaps open then that are none now", N),
    ("people_low", "Unique patients and public who came, at least", N),
    ("people_high", "Unique patients and public who came, at most", N),
    ("events_public_counted", "Events where patients and public were counted", N),
    ("rate_low", "People per 10,000 residents, at least", N),
    ("rate_high", "People per 10,000 residents, at most", N),
    ("rate_place", "Where the area lies against the limits around England's rate", T),
];

/// The columns of the table of areas by group.
pub const GROUPS: &[(&str, &str, Kind)] = &[
    ("as_at", "Day of the assessment", D),
    ("stp_code", "GSS code of the area", T),
    ("stp_name", "Name of the area", T),
    ("group", "Code of the group", T),
    ("group_name", "The same in words", T),
    ("audience", "Audience of the group", T),
    ("state", "Met (heard in the last 180 days), Stale (heard before), Never, Unknown or Waived", T),
    ("events", "Events that count in which the group took part", N),
    ("events_counted", "Of these, with a number of its people", N),
    ("people_low", "Attendances at those, at least", N),
    ("people_high", "Attendances at those, at most", N),
    ("last_on", "Last day of such an event; empty for never", D),
    ("days_since", "Days from then to the day of the assessment", N),
];

/// The columns of the table of areas by domain.
pub const DOMAINS: &[(&str, &str, Kind)] = &[
    ("as_at", "Day of the assessment", D),
    ("stp_code", "GSS code of the area", T),
    ("stp_name", "Name of the area", T),
    ("domain", "Code of the domain of rules", T),
    ("domain_name", "The same in words", T),
    ("applicable", "Checks that apply", N),
    ("met", "Checks met", N),
    ("unknown", "Checks where the record cannot tell", N),
    ("gaps", "Gaps open, without those that follow from another gap", N),
    ("gaps_nested", "Gaps that follow from another gap", N),
];

/// The tables of the areas that the page shows, in its order; those about what the page is about stand first.
pub fn tables(
    all: &[Arc<Area>],
    pasts: &BTreeMap<String, Arc<Past>>,
    rows: &[Row],
    group: &str,
    first: &str,
) -> Vec<Table> {
    let shown = rows.iter().filter_map(|row| all.iter().find(|area| area.stp.code == row.code));
    let shown: Vec<&Arc<Area>> = shown.collect();
    let notes = || {
        vec![
            "No record is not the same as no engagement. Nothing here is ranked.".to_owned(),
            "People who chose to respond do not estimate public opinion.".to_owned(),
        ]
    };
    let england = funnel::england(all);
    let table = |name: &str, title: &str, of: &[(&str, &str, Kind)], rows: Vec<Vec<Cell>>| Table {
        name: name.to_owned(),
        title: title.to_owned(),
        notes: notes(),
        columns: columns(of),
        rows,
    };
    let mut tables = vec![
        table(
            "areas",
            "Areas of England",
            AREAS,
            shown.iter().map(|area| row(area, pasts.get(&area.stp.code), england)).collect(),
        ),
        table(
            "groups",
            "Areas of England by group",
            GROUPS,
            shown.iter().flat_map(|area| groups(area, group)).collect(),
        ),
        table(
            "domains",
            "Areas of England by domain of rules",
            DOMAINS,
            shown.iter().flat_map(|area| domains(area)).collect(),
        ),
    ];
    if let Some(at) = tables.iter().position(|table| table.name == first) {
        let first = tables.remove(at);
        tables.insert(0, first);
    }
    tables
}

fn head(area: &Area) -> Vec<Cell> {
    vec![Cell::Day(area.as_at), Cell::text(&area.stp.code), Cell::text(&area.stp.display_name)]
}

fn whole(number: u32) -> Cell {
    Cell::Whole(number.into())
}

fn wide(number: u64) -> Cell {
    i64::try_from(number).map_or(Cell::NotAvailable, Cell::Whole)
}

fn row(area: &Area, past: Option<&Arc<Past>>, england: funnel::Rate) -> Vec<Cell> {
    let (tally, sum) = (&area.tally, area.assessment.summary);
    let change = past.map(|past| Change::between(past, area));
    let population = u64::try_from(area.stp.population).unwrap_or(0);
    let own = rate(tally.public, population);
    let tenth = |number: f64| Cell::Number((number * 100.0).round() / 100.0);
    let counted = |cell: Cell| if tally.public_counted == 0 { Cell::NotAvailable } else { cell };
    let of = |number: Option<Cell>| number.unwrap_or(Cell::NotAvailable);
    let mut cells = head(area);
    cells.push(Cell::text(&area.stp.region));
    cells.push(Cell::Whole(area.stp.population.into()));
    cells.extend(
        [
            tally.held,
            tally.level,
            tally.numbers,
            tally.evidence,
            tally.published,
            tally.planned,
            tally.cancelled,
            tally.beside,
            tally.stubs,
            area.undated,
        ]
        .map(Cell::count),
    );
    cells.push(Cell::day(tally.last));
    cells.push(tally.last.map_or(Cell::Empty, |last| Cell::Whole((area.as_at - last).num_days())));
    let Summary { applicable, met, unknown, gap, nested, critical, high, medium, low } = sum;
    cells.extend([applicable, met, unknown, gap, critical, high, medium, low, nested].map(whole));
    cells.push(of(change.map(|change| Cell::Day(change.since))));
    cells.push(of(change.map(|change| whole(change.then))));
    cells.push(of(change.map(|change| Cell::count(change.opened))));
    cells.push(of(change.map(|change| Cell::count(change.closed))));
    cells.push(counted(wide(tally.public.low)));
    cells.push(counted(wide(tally.public.high)));
    cells.push(Cell::count(tally.public_counted));
    cells.push(counted(tenth(own.low)));
    cells.push(counted(tenth(own.high)));
    cells.push(counted(Cell::text(place(own, england, population).name())));
    cells
}

/// A row for each group that the area is asked for, or for the one asked about.
fn groups(area: &Area, wanted: &str) -> Vec<Vec<Cell>> {
    let is = |group: method::words::Group| {
        wanted.is_empty() || group.code() == wanted || group.audience().code() == wanted
    };
    let required = area.heard.iter().filter(|heard| heard.required && is(heard.group));
    required
        .map(|heard| {
            let last = heard.last();
            let counted = |cell: Cell| if heard.counted == 0 { Cell::NotAvailable } else { cell };
            let mut cells = head(area);
            cells.push(Cell::text(heard.group.code()));
            cells.push(Cell::text(heard.group.name()));
            cells.push(Cell::text(heard.group.audience().name()));
            cells.push(Cell::text(matrix::cell(area, heard.group).word));
            cells.push(Cell::count(heard.marks.len()));
            cells.push(Cell::count(heard.counted));
            cells.push(counted(wide(heard.people.low)));
            cells.push(counted(wide(heard.people.high)));
            cells.push(Cell::day(last));
            cells.push(last.map_or(Cell::Empty, |last| Cell::Whole((area.as_at - last).num_days())));
            cells
        })
        .collect()
}

fn domains(area: &Area) -> Vec<Vec<Cell>> {
    let row = |of: &method::DomainSummary| {
        let (domain, sum): (Domain, Summary) = (of.domain, of.summary);
        let mut cells = head(area);
        cells.push(Cell::text(domain.code()));
        cells.push(Cell::text(domain.name()));
        cells.extend([sum.applicable, sum.met, sum.unknown, sum.gap, sum.nested].map(whole));
        cells
    };
    area.assessment.domain_summaries().iter().map(row).collect()
}
