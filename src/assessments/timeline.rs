//! When each group was heard, as lanes along one axis: an event a mark, a long silence hatched.
//!
//! Positions are in hundredths of the width, so that the drawing is fluid and needs no script.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Serialize;

use super::{
    Area,
    counted::{What, Which},
    heard::Heard,
    said::Said,
    wanted::Wanted,
};
use crate::web::filters;

/// A silence longer than this is hatched.
const QUIET: i64 = 90;
/// Marks closer than this are drawn as one.
const TOGETHER: f64 = 0.4;

/// The drawing and the table beside it.
#[derive(Clone, Debug, Serialize)]
pub struct Timeline {
    pub from: String,
    pub to: String,
    pub lanes: Vec<Lane>,
    pub ticks: Vec<Tick>,
    /// The longest present silence, in a sentence.
    pub finding: Said,
}

#[derive(Clone, Debug, Serialize)]
pub struct Lane {
    pub code: &'static str,
    pub name: &'static str,
    /// "9 events; 400 attendances counted at 7 of them".
    pub summary: Said,
    /// What the drawing shows, for those who do not see it.
    pub label: String,
    pub marks: Vec<Dot>,
    pub quiet: Vec<Quiet>,
    /// The group was never heard: the whole lane is one silence.
    pub never: bool,
    pub events: usize,
    pub figure: Said,
    pub first: Option<String>,
    pub last: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Dot {
    pub at: f64,
    pub radius: u8,
}

#[derive(Clone, Debug, Serialize)]
pub struct Quiet {
    pub at: f64,
    pub width: f64,
    pub middle: f64,
    /// "4 months", where there is room to write it.
    pub text: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Tick {
    pub at: f64,
    pub text: String,
    /// Kept where there is little room.
    pub main: bool,
}

struct Axis {
    from: NaiveDate,
    days: f64,
}

impl Axis {
    #[allow(clippy::cast_precision_loss)] // days of a human life are exact in a double
    fn at(&self, day: NaiveDate) -> f64 {
        let along = (day - self.from).num_days() as f64 / self.days * 100.0;
        (along.clamp(0.0, 100.0) * 100.0).round() / 100.0
    }
}

/// The lanes of an area, from the first mark or the start of its plan to the day.
pub fn of(area: &Area) -> Timeline {
    let first = area.heard.iter().flat_map(|heard| heard.marks.iter().map(|mark| mark.from)).min();
    let start = [first, area.stp.plan_started_on].into_iter().flatten().min().unwrap_or(area.as_at);
    let start = start.min(area.as_at.checked_sub_months(Months::new(6)).unwrap_or(start));
    let from = start.with_day(1).unwrap_or(start);
    let axis = Axis { from, days: ratio((area.as_at - from).num_days().max(1)) };
    let mut lanes: Vec<Lane> =
        area.heard.iter().filter(|heard| scored(heard)).map(|heard| lane(area, heard, &axis)).collect();
    lanes.retain(|lane| lane.never || lane.events > 0);
    Timeline {
        from: filters::day(from),
        to: filters::day(area.as_at),
        finding: finding(area),
        ticks: ticks(&axis, area.as_at),
        lanes,
    }
}

fn scored(heard: &Heard) -> bool {
    heard.group.audience() != method::words::Audience::Others
}

#[allow(clippy::cast_precision_loss)] // days of a human life are exact in a double
fn ratio(days: i64) -> f64 {
    days as f64
}

fn lane(area: &Area, heard: &Heard, axis: &Axis) -> Lane {
    let as_at = area.as_at;
    let mut marks: Vec<Dot> = Vec::new();
    for mark in &heard.marks {
        let at = axis.at(mark.from);
        let radius = match mark.people {
            None | Some(0..20) => 4,
            Some(20..100) => 6,
            Some(_) => 8,
        };
        match marks.last_mut() {
            Some(last) if at - last.at < TOGETHER => last.radius = last.radius.max(radius),
            _ => marks.push(Dot { at, radius }),
        }
    }
    let silences = silences(heard, axis.from, as_at);
    let spoken: Vec<String> = silences
        .iter()
        .map(|(from, to)| {
            format!("Quiet for {} from {} to {}.", span(*from, *to), filters::day(*from), filters::day(*to))
        })
        .collect();
    let events = filters::count(i64::try_from(heard.marks.len()).unwrap_or(i64::MAX), "event", None);
    let (first, last) = (heard.marks.first().map(|mark| mark.from), heard.last());
    let label = match (first, last) {
        (Some(first), Some(last)) => {
            format!(
                "{}: {events} between {} and {}. {}",
                heard.group.name(),
                filters::day(first),
                filters::day(last),
                spoken.join(" ")
            )
        }
        _ => format!("{}: no event on record.", heard.group.name()),
    };
    Lane {
        code: heard.group.code(),
        name: heard.group.name(),
        summary: summary(area, heard),
        label: label.trim_end().to_owned(),
        quiet: silences.iter().map(|&(from, to)| quiet(from, to, axis)).collect(),
        never: heard.marks.is_empty(),
        events: heard.marks.len(),
        figure: held(area, heard).plain(),
        first: first.map(filters::day),
        last: last.map(filters::day),
        marks,
    }
}

/// The events in which the group took part, with their list.
fn held(area: &Area, heard: &Heard) -> super::said::Figure {
    Which::of(What::Held, heard.group).figure(&area.stp.code, &area.look, heard.marks.len())
}

fn summary(area: &Area, heard: &Heard) -> Said {
    if heard.marks.is_empty() {
        return Said::new("never");
    }
    let events = held(area, heard).of("event", None).words("; ");
    if heard.counted == 0 { events.words("people not counted") } else { events.and(attendances(area, heard)) }
}

/// "400 to 420 people at 7 of them": attendances, since whoever came once may have come again.
pub fn attendances(area: &Area, heard: &Heard) -> Said {
    let people = Said::default().figure(super::stp::interval(heard.people)).words(" people");
    if heard.counted == heard.marks.len() {
        return people;
    }
    let counted = Which::of(What::Numbers, heard.group).figure(&area.stp.code, &area.look, heard.counted);
    people.words(" at ").and(counted.plain()).words(" of them")
}

/// The silences of more than 90 days after the group was first heard; for a group never heard, the whole time.
fn silences(heard: &Heard, from: NaiveDate, as_at: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
    let mut found = Vec::new();
    let mut last = if heard.marks.is_empty() { Some(from) } else { None };
    for mark in &heard.marks {
        if let Some(last) = last
            && (mark.from - last).num_days() > QUIET
        {
            found.push((last, mark.from));
        }
        last = last.max(Some(mark.to));
    }
    if let Some(last) = last
        && (as_at - last).num_days() > QUIET
    {
        found.push((last, as_at));
    }
    found
}

fn quiet(from: NaiveDate, to: NaiveDate, axis: &Axis) -> Quiet {
    let (at, end) = (axis.at(from), axis.at(to));
    let width = ((end - at) * 100.0).round() / 100.0;
    Quiet {
        at,
        width,
        middle: ((at + end) * 50.0).round() / 100.0,
        text: if width >= 11.0 { span(from, to) } else { String::new() },
    }
}

/// A length of time as people say it: "4 months", "2 years".
pub fn span(from: NaiveDate, to: NaiveDate) -> String {
    let days = (to - from).num_days();
    match days {
        ..60 => filters::count(days, "day", None),
        60..730 => filters::count(days * 2 / 61, "month", None),
        _ => filters::count(days / 365, "year", None),
    }
}

/// Month by month for up to two years, then by quarter, then by year; those kept on a phone are the main ones.
fn ticks(axis: &Axis, as_at: NaiveDate) -> Vec<Tick> {
    let months = (as_at - axis.from).num_days() / 30;
    let mut ticks = Vec::new();
    let mut day = axis.from;
    while day <= as_at {
        let (shown, main, shape) = match months {
            ..=26 => (true, day.month0().is_multiple_of(3), "%b"),
            27..=60 => (day.month0().is_multiple_of(3), day.month0() == 0, "%b"),
            _ => (day.month0() == 0, day.year() % 2 == 0, "%Y"),
        };
        let at = axis.at(day);
        if shown && at < 96.0 {
            let text = if day.month0() == 0 { day.format("%Y") } else { day.format(shape) };
            ticks.push(Tick { at, text: text.to_string(), main });
        }
        day = day.checked_add_months(Months::new(1)).unwrap_or_else(|| as_at + Days::new(1));
    }
    ticks
}

/// The heading of the figure: what it shows.
fn finding(area: &Area) -> Said {
    let required = || area.heard.iter().filter(|heard| heard.required);
    let never: Vec<&str> =
        required().filter(|heard| heard.marks.is_empty()).map(|heard| heard.group.phrase()).collect();
    let longest = required()
        .filter_map(|heard| Some((heard.last()?, heard.group.phrase())))
        .min_by_key(|(last, _)| *last)
        .filter(|(last, _)| (area.as_at - *last).num_days() > QUIET);
    let gaps = Wanted { verdict: "gap".to_owned(), ..Wanted::default() }.of_rule("COV-2");
    let gaps = gaps.figure(area, super::stp::Links::Public);
    match (never.as_slice(), longest) {
        ([], None) => Said::new("Every required group was heard in the last quarter of a year"),
        ([], Some((last, group))) => {
            Said::new(format!("Longest silence: {group}, {}", span(last, area.as_at)))
        }
        ([one], _) => Said::new(format!("No record of {one}")),
        // A group that is waived was never heard either, and is no gap.
        (many, _) if many.len() == gaps.count => {
            Said::new("No record of ").and(gaps.plain()).words(" of the required groups")
        }
        _ => Said::new("No record of some of the required groups"),
    }
}
