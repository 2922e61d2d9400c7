//! Rows of a log → events, and consultations with their open response.
//!
//! ```text
//! row ─► corrections of the map ─► Entry (each cell read, all problems gathered) ─┐
//! all entries ─► who is part of what ─────────────────────────────────────────────┴─► Draft + a reason in words
//! ```
//!
//! A consultation's numbers stay with the consultation: the event of its open response carries its audience and its
//! days and no number, so that nobody is counted twice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entity::{event::Status, import_row::Outcome};

use super::{
    draft::{Checked, nameless},
    entry::{Entry, Reader},
    facts::Facts,
    field::{Columns, Field},
    map::{Becomes, Map},
    records,
    sheet::{Row, Sheet},
};

/// Checks every row. `area` is the one area that the rows must be of. The error is what keeps the file as a whole from
/// being read: a column that is missing, a word of the map that nothing is known of.
pub fn check(
    sheet: &Sheet,
    map: &Map,
    facts: &Facts,
    area: Option<&str>,
    today: NaiveDate,
) -> Result<Vec<Checked>, Vec<String>> {
    map.check(facts)?;
    let columns = Columns::find(map, &sheet.header);
    missing(&columns, area)?;
    let reader = Reader { map, facts, columns: &columns, area, today };
    let mut seen = BTreeMap::new();
    let read: Vec<Result<Entry, Failed>> = sheet
        .rows
        .iter()
        .map(|row| {
            let (row, id) = named(row, map, &columns);
            let stp = reader.stp(&row).ok().map(str::to_owned);
            let entry = if let Some(first) = seen.insert(id.clone(), row.number) {
                let what =
                    if columns.has(Field::Id) { "has the same reference as" } else { "says the same as" };
                Err(vec![format!("It {what} row {first}.")])
            } else {
                reader.read(&row, id.clone())
            };
            entry.map_err(|problems| Failed { position: row.number, id, stp, problems })
        })
        .collect();
    Ok(resolve(read, map, facts))
}

/// A row that cannot be read.
struct Failed {
    position: usize,
    id: String,
    stp: Option<String>,
    problems: Vec<String>,
}

fn missing(columns: &Columns, area: Option<&str>) -> Result<(), Vec<String>> {
    let mut problems = Vec::new();
    if !columns.has(Field::Title) {
        problems.push("Choose the column that holds the title".to_owned());
    }
    if !columns.has(Field::StartsOn) && !columns.has(Field::DateWords) {
        problems.push("Choose the column that holds the date".to_owned());
    }
    if !columns.has(Field::Stp) && area.is_none() {
        problems.push(
            "Choose the column that holds the STP, or name the one STP that all rows are of".to_owned(),
        );
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// The row with the map's corrections, and its name: its reference, or a digest of what tells it from other rows.
fn named(row: &Row, map: &Map, columns: &Columns) -> (Row, String) {
    let mut row = row.clone();
    let id = columns.texts(Field::Id, &row).first().map(|id| (*id).to_owned());
    let Some(id) = id else {
        let telling =
            [Field::Stp, Field::Title, Field::StartsOn, Field::EndsOn, Field::DateWords, Field::Venue];
        let texts: Vec<&str> = telling.into_iter().flat_map(|field| columns.texts(field, &row)).collect();
        let name = nameless(&texts);
        return (row, name);
    };
    for correction in map.corrections.iter().filter(|correction| correction.row == id) {
        columns.put(correction.field, &correction.value, &mut row);
    }
    (row, id)
}

/// Puts rows together with what they are part of.
fn resolve(read: Vec<Result<Entry, Failed>>, map: &Map, facts: &Facts) -> Vec<Checked> {
    let parents: BTreeSet<String> = read.iter().flatten().filter_map(|entry| entry.parent.clone()).collect();
    // Only what others are part of is looked up.
    let entries: BTreeMap<String, Entry> = read
        .iter()
        .flatten()
        .filter(|entry| parents.contains(&entry.id))
        .map(|entry| (entry.id.clone(), entry.clone()))
        .collect();
    let is_consultation = |entry: &Entry| match entry.becomes {
        Becomes::Event => false,
        Becomes::FormalConsultation => true,
        Becomes::Programme => parents.contains(&entry.id) && entry.starts_on != entry.ends_on,
        // One that is part of another is an event of it.
        Becomes::Exercise => {
            let parent = entry.parent.as_ref().and_then(|parent| entries.get(parent));
            !parent.is_some_and(|parent| parent.becomes != Becomes::Event)
        }
    };
    read.into_iter()
        .map(|entry| match entry {
            Err(failed) => refused(failed),
            Ok(entry) => {
                let parent = match &entry.parent {
                    None => None,
                    Some(id) => match entries.get(id) {
                        Some(parent) if parent.stp != entry.stp => {
                            return refused(part_of(entry, "which is a row of another STP"));
                        }
                        Some(parent) => Some((parent, is_consultation(parent))),
                        None => {
                            return refused(part_of(
                                entry,
                                "which is not a row of the file, or cannot be read",
                            ));
                        }
                    },
                };
                let consults = is_consultation(&entry);
                let (draft, reason) = match records::of(&entry, consults, parent, map, facts) {
                    Ok(records) => records,
                    Err(problems) => {
                        let Entry { position, id, stp, .. } = entry;
                        return refused(Failed { position, id, stp: Some(stp), problems });
                    }
                };
                let outcome =
                    if entry.status == Status::Planned { Outcome::Planned } else { Outcome::Created };
                Checked {
                    position: entry.position,
                    external_id: Some(entry.id),
                    stp: Some(entry.stp),
                    outcome,
                    reason,
                    draft: Some(draft),
                }
            }
        })
        .collect()
}

fn part_of(entry: Entry, why: &str) -> Failed {
    let parent = entry.parent.unwrap_or_default();
    let problems = vec![format!("It is part of {parent}, {why}.")];
    Failed { position: entry.position, id: entry.id, stp: Some(entry.stp), problems }
}

fn refused(failed: Failed) -> Checked {
    Checked {
        position: failed.position,
        external_id: Some(failed.id),
        stp: failed.stp,
        outcome: Outcome::Error,
        reason: failed.problems.join(" "),
        draft: None,
    }
}

#[cfg(test)]
mod tests;
