//! What no judging can beat: one pass that finds the last day, the count and the best level for each STP and group.

use chrono::NaiveDate;
use method::Record;
use method::values::Level;
use method::words::Group;

/// For each STP and group: the last day, how many events, and the best level.
pub type Found = Vec<[(NaiveDate, u32, u8); Group::ALL.len()]>;

const NOTHING: [(NaiveDate, u32, u8); Group::ALL.len()] = [(NaiveDate::MIN, 0, 0); Group::ALL.len()];

/// A group's part in an event, with what the pass wants to know of the event.
pub struct Row {
    stp: u16,
    group: u8,
    level: u8,
    day: NaiveDate,
}

/// The events as such a pass would have them: packed, and nothing else beside.
pub fn packed(record: &Record) -> Vec<Row> {
    let mut rows = Vec::new();
    for (stp, index) in record.stps.iter().zip(0..) {
        for event in &stp.events {
            let level = event.level.map_or(0, Level::number);
            rows.extend(event.participation.iter().map(|row| Row {
                stp: index,
                group: row.group as u8,
                level,
                day: event.end(),
            }));
        }
    }
    rows
}

/// The pass over packed rows.
pub fn over_packed(rows: &[Row]) -> Found {
    let mut found: Found = Vec::new();
    for row in rows {
        let stp = usize::from(row.stp);
        if stp >= found.len() {
            found.resize(stp + 1, NOTHING);
        }
        let cell = &mut found[stp][usize::from(row.group)];
        *cell = (cell.0.max(row.day), cell.1 + 1, cell.2.max(row.level));
    }
    found
}

/// The pass over the events as the record has them.
pub fn over_record(record: &Record) -> Found {
    let of_stp = |events: &[method::record::Event]| {
        let mut found = NOTHING;
        for event in events {
            let (day, level) = (event.end(), event.level.map_or(0, Level::number));
            for row in &event.participation {
                let cell = &mut found[row.group as usize];
                *cell = (cell.0.max(day), cell.1 + 1, cell.2.max(level));
            }
        }
        found
    };
    record.stps.iter().map(|stp| of_stp(&stp.events)).collect()
}
