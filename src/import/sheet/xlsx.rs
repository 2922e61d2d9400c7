//! An Excel workbook: its first sheet, or the first table of one that this product wrote, cell by cell.
//!
//! calamine's whole-sheet reading makes room for every cell between the first and the last, so one cell in a far
//! corner would fill the memory; its cell reader does not. What it says of a damaged workbook it sometimes says by a
//! panic, which ends here.

use std::{
    io::{BufReader, Cursor},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, Reader as _, Xlsx};
use quick_xml::{Reader, events::Event};

use crate::export::{ABOVE, FRONT};

use super::{
    COLUMNS, Gatherer, ROWS, Refused, Sheet,
    archive::{self, Archive, damaged},
};

/// The most texts that a workbook may say it shares: it is made room for at once.
const SHARED: usize = 4_000_000;

pub fn read(bytes: &[u8]) -> Result<Sheet, Refused> {
    let mut archive = archive::open(bytes)?;
    if !archive.file_names().flatten().any(|name| name.eq_ignore_ascii_case("xl/workbook.xml")) {
        return Err(Refused::because("The file’s name ends in .xlsx, but it is not an Excel workbook"));
    }
    check_shared(&mut archive)?;
    catch_unwind(AssertUnwindSafe(|| cells(bytes))).unwrap_or_else(|_| Err(damaged()))
}

fn cells(bytes: &[u8]) -> Result<Sheet, Refused> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let names = workbook.sheet_names();
    // A workbook of our own begins with sheets that say what it is.
    let own = names.len() > FRONT.len() && names.iter().zip(FRONT).all(|(name, front)| name == front);
    let name = names.get(if own { FRONT.len() } else { 0 }).cloned();
    let name = name.ok_or_else(|| Refused::because("The file has no sheet"))?;
    let mut reader = workbook.worksheet_cells_reader(&name).map_err(|_| damaged())?;
    let mut gatherer = Gatherer { above: if own { ABOVE } else { 0 }, ..Gatherer::default() };
    let (mut at, mut row) = (0, Vec::new());
    while let Some(cell) = reader.next_cell().map_err(|_| damaged())? {
        let text = text(cell.get_value());
        let (line, column) = cell.get_position();
        if text.trim().is_empty() {
            continue;
        }
        if line < at {
            return Err(damaged());
        }
        if line > at {
            gatherer.row(at as usize + 1, std::mem::take(&mut row))?;
            at = line;
        }
        let column = column as usize;
        if column >= COLUMNS {
            return Err(Refused(format!("Row {} has more than {COLUMNS} columns", line + 1)));
        }
        if row.len() <= column {
            row.resize(column + 1, String::new());
        }
        row[column] = text;
    }
    gatherer.row(at as usize + 1, row)?;
    gatherer.finish()
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => super::number(*number),
        DataRef::Bool(yes) => yes.to_string(),
        DataRef::DateTime(at) => match at.as_datetime() {
            Some(at) if at.time() == chrono::NaiveTime::MIN => at.date().to_string(),
            Some(at) => at.format("%Y-%m-%d %H:%M").to_string(),
            None => super::number(at.as_f64()),
        },
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        // Shown as in the sheet, so that the row's report names it.
        DataRef::Error(error) => error.to_string(),
    }
}

/// Refuses a workbook that says it shares more texts than it can.
fn check_shared(archive: &mut Archive<'_>) -> Result<(), Refused> {
    let names: Vec<String> = archive.file_names().flatten().map(std::borrow::Cow::into_owned).collect();
    let shared = names.iter().find(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"));
    let Some(name) = shared else { return Ok(()) };
    let part = archive.by_name(name).map_err(|_| damaged())?;
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|_| damaged())? {
            Event::Start(element) | Event::Empty(element) => {
                let count = element.try_get_attribute("uniqueCount").map_err(|_| damaged())?;
                let count = count.and_then(|count| count.value.trim().parse::<usize>().ok()).unwrap_or(0);
                return if count > SHARED { Err(damaged()) } else { Ok(()) };
            }
            Event::Eof => return Err(damaged()),
            _ => {}
        }
    }
}

// A full sheet of texts that are all different stays below the limit on shared texts.
const _: () = assert!(SHARED > ROWS * 20);
