//! A spreadsheet → a header and rows of text.
//!
//! ```text
//! bytes ─► what kind of file is it, by its first bytes ─┬─ text ─► csv
//!                                                       ├─ zip with a workbook ─► xlsx
//!                                                       └─ zip with a document ─► ods
//! ```
//!
//! The three give the same text for the same content: days as `2017-01-11`, whole numbers without a point. The first
//! row that is not blank is the header; of a workbook that this product wrote, the header of its first table. Everything has a limit, and whatever is over it, damaged or not what its
//! name says is refused with a message for the person who sent it.

mod archive;
mod delimited;
mod ods;
mod xlsx;

/// The largest file, in bytes.
pub const BYTES: usize = 25 << 20;
/// The most rows below the header.
pub const ROWS: usize = 100_000;
/// The most columns.
pub const COLUMNS: usize = 200;
/// The longest text of one cell, in bytes.
const CELL: usize = 32 << 10;
/// The most text of a whole sheet, in bytes: a sheet unpacks to more than its file.
const TEXT: usize = 64 << 20;

/// Why a file is refused, in words for the person who sent it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

impl Refused {
    fn because(why: impl Into<String>) -> Self {
        Self(why.into())
    }
}

/// A sheet, read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// The names of the columns, without spaces around them.
    pub header: Vec<String>,
    /// The rows that are not blank.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file: the header is 1 where it comes first.
    pub number: usize,
    /// A text for each column of the header, without spaces around it.
    pub cells: Vec<String>,
    /// Whether it had more cells than the header has columns.
    pub overfull: bool,
}

/// Reads a spreadsheet. `name` is the file's name: it must agree with what the file is.
pub fn read(bytes: &[u8], name: &str) -> Result<Sheet, Refused> {
    if bytes.len() > BYTES {
        return Err(Refused::because("The file must be 25 MB or smaller"));
    }
    if bytes.is_empty() {
        return Err(Refused::because("The file is empty"));
    }
    let ending = name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_lowercase());
    let packed = bytes.starts_with(b"PK\x03\x04");
    match ending.as_str() {
        "xls" => Err(Refused::because("This is an old Excel file. Save it as .xlsx and choose that")),
        "xlsx" | "xlsm" if packed => xlsx::read(bytes),
        "ods" if packed => ods::read(bytes),
        "xlsx" | "xlsm" => {
            Err(Refused::because("The file’s name ends in .xlsx, but it is not an Excel workbook"))
        }
        "ods" => {
            Err(Refused::because("The file’s name ends in .ods, but it is not an OpenDocument spreadsheet"))
        }
        "csv" | "tsv" | "txt" if !packed => delimited::read(bytes),
        "csv" | "tsv" | "txt" => Err(Refused::because("The file’s name says that it is text, but it is not")),
        _ => Err(Refused::because("The file must be a CSV, XLSX or ODS spreadsheet")),
    }
}

/// Gathers the rows of a sheet, within the limits.
#[derive(Default)]
struct Gatherer {
    header: Option<Vec<String>>,
    rows: Vec<Row>,
    text: usize,
    /// Rows above the header that say what the sheet is: those of a workbook of our own.
    above: usize,
}

impl Gatherer {
    /// Takes the next row that has any text. `number` counts from 1.
    fn row(&mut self, number: usize, mut cells: Vec<String>) -> Result<(), Refused> {
        for cell in &mut cells {
            self.text += cell.len();
            if cell.len() > CELL {
                return Err(Refused(format!("Row {number} has a cell with more than 32,000 characters")));
            }
            *cell = plain(cell);
        }
        if self.text > TEXT {
            return Err(Refused::because("The file holds too much text. Split it and import the parts"));
        }
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        if cells.len() > COLUMNS {
            return Err(Refused(format!("Row {number} has more than {COLUMNS} columns")));
        }
        if number <= self.above {
            return Ok(());
        }
        let Some(header) = &self.header else {
            self.header = Some(cells);
            return Ok(());
        };
        if self.rows.len() == ROWS {
            return Err(Refused::because("The file must have 100,000 rows or fewer"));
        }
        let overfull = cells.len() > header.len();
        cells.resize(header.len(), String::new());
        self.rows.push(Row { number, cells, overfull });
        Ok(())
    }

    fn finish(self) -> Result<Sheet, Refused> {
        let header = self.header.ok_or_else(|| Refused::because("The file has no rows"))?;
        let mut seen = std::collections::BTreeSet::new();
        for name in header.iter().filter(|name| !name.is_empty()) {
            if !seen.insert(name.to_lowercase()) {
                return Err(Refused(format!("Two columns are called “{name}”. Give each its own name")));
            }
        }
        Ok(Sheet { header, rows: self.rows })
    }
}

/// A text without spaces around it and without control characters, which no database or page takes; lines stay.
fn plain(text: &str) -> String {
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.trim().replace("\r\n", "\n").chars().filter(kept).collect::<String>().trim().to_owned()
}

/// A number as a person would write it: without a point where it is whole.
fn number(value: f64) -> String {
    // Whole numbers up to here are exact, and print without an exponent.
    if value.fract() == 0.0 && value.abs() < 1e15 { format!("{value:.0}") } else { value.to_string() }
}

#[cfg(test)]
mod tests;
