//! Verdicts by area and group: whether each group was ever heard, and how long ago.

use chrono::NaiveDate;
use method::{Verdict, words::Group};
use serde::Serialize;

use super::{Area, heard::Heard};

/// What the record says of a group in an area, from COV-2 and REC-1 together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cell {
    /// The verdict's code: its symbol. `none` where the group is not asked for in this area.
    pub state: &'static str,
    /// Its colour: a gap that was never closed and one that opened again differ.
    pub shade: &'static str,
    /// In a word.
    pub word: &'static str,
    /// In a few more.
    pub detail: String,
    /// The group's heading, for cards.
    pub group: &'static str,
}

/// The verdict on one group of an area.
pub fn cell(area: &Area, group: Group) -> Cell {
    let code = group.code();
    let heard = area.heard.iter().find(|heard| heard.group == group);
    let last = heard.and_then(Heard::last);
    let (state, word, detail) = match (area.verdict("COV-2", code), area.verdict("REC-1", code)) {
        (None, _) => ("none", "n/a", String::new()),
        (Some(Verdict::Gap), _) => ("gap", "Never", "no record".to_owned()),
        (Some(Verdict::NotApplicable), _) => ("not_applicable", "Waived", String::new()),
        (Some(_), Some(Verdict::Gap)) => ("gap", "Stale", last.map(since).unwrap_or_default()),
        (Some(Verdict::Unknown), _) => ("unknown", "Unknown", String::new()),
        (Some(Verdict::Met), _) => ("met", "Met", last.map(month).unwrap_or_default()),
    };
    let shade = match word {
        "Never" => "never",
        "Stale" => "stale",
        _ => state,
    };
    Cell { state, shade, word, detail, group: short(group) }
}

fn since(day: NaiveDate) -> String {
    format!("not since {}", month(day))
}

fn month(day: NaiveDate) -> String {
    day.format("%b %Y").to_string()
}

/// The groups that any of these areas is asked for, in the order of the method page.
pub fn required<'a>(areas: impl IntoIterator<Item = &'a Area>) -> Vec<Group> {
    let mut any: Vec<Group> = areas
        .into_iter()
        .flat_map(|area| area.heard.iter().filter(|heard| heard.required).map(|heard| heard.group))
        .collect();
    any.sort_unstable();
    any.dedup();
    any
}

/// A heading that fits a narrow column; soft hyphens say where it may break.
pub fn short(group: Group) -> &'static str {
    match group {
        Group::Users => "Patients",
        Group::Residents => "Resi\u{ad}dents",
        Group::Healthwatch => "Health\u{ad}watch",
        Group::Voluntary => "Volun\u{ad}tary sector",
        Group::Doctors => "Hospital doctors",
        Group::GeneralPractice => "GPs",
        Group::Nurses => "Nurses",
        Group::Unions => "Unions",
        Group::Leaders => "Leaders",
        Group::Officers => "Officers",
        Group::WellbeingBoard => "Well\u{ad}being board",
        Group::Scrutiny => "Scrutiny",
        Group::Districts => "Districts",
        other => other.name(),
    }
}
