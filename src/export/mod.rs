//! Tables out: the same rows as CSV, as an Excel workbook, as an OpenDocument spreadsheet and as JSON.
//!
//! ```text
//! Book { title, facts, notes, tables: [Table { columns, rows }] }
//!    ├─► csv   one table, UTF-8, one row of headings, no cell that a spreadsheet would run
//!    ├─► json  one table as an array of objects, several as an object of arrays
//!    ├─► xlsx ┐
//!    └─► ods  ┴ cover, contents, notes, and a sheet with one marked table for each table
//! ```
//!
//! A table that is too long to hold is written row by row: [`csv::Rows`] and [`json::Rows`] write to anything. The same
//! book gives the same bytes: a file carries the day of its record, never that of its making.

pub mod csv;
pub mod json;
pub mod ods;
mod sheets;
pub mod xlsx;

use chrono::NaiveDate;

pub use sheets::{ABOVE, FRONT};

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing is recorded.
    #[default]
    Empty,
    Text(String),
    Whole(i64),
    Number(f64),
    Day(NaiveDate),
    /// Yes or no, written in words.
    Yes(bool),
    /// A number of people that must not be shown: `[c]`.
    Suppressed,
    /// A figure that cannot be worked out from the record: `[x]`.
    NotAvailable,
}

/// What stands in a cell that is suppressed.
pub const SUPPRESSED: &str = "[c]";
/// What stands in a cell whose figure is not available.
pub const NOT_AVAILABLE: &str = "[x]";

impl Cell {
    /// A text; an empty one is an empty cell.
    pub fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    /// How many there are.
    pub fn count(number: usize) -> Self {
        i64::try_from(number).map_or(Self::NotAvailable, Self::Whole)
    }

    /// A day, where there is one.
    pub fn day(day: Option<NaiveDate>) -> Self {
        day.map_or(Self::Empty, Self::Day)
    }

    /// The cell as text: days as `2017-01-11`, numbers without separators.
    pub fn written(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Whole(number) => number.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Yes(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Self::Suppressed => SUPPRESSED.to_owned(),
            Self::NotAvailable => NOT_AVAILABLE.to_owned(),
        }
    }
}

/// What the cells of a column are; a cell may be empty, suppressed or not available as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    Day,
    YesNo,
}

impl Kind {
    /// The kind in words, for the notes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Day => "day, as 2017-01-11",
            Self::YesNo => "yes or no",
        }
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading, a code that does not change: letters, digits and underscores.
    pub key: String,
    /// What it holds, in words.
    pub title: String,
    pub kind: Kind,
}

impl Column {
    pub fn new(key: impl Into<String>, title: impl Into<String>, kind: Kind) -> Self {
        Self { key: key.into(), title: title.into(), kind }
    }
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Its name: letters, digits and underscores, beginning with a letter, at most 31 of them.
    pub name: String,
    pub title: String,
    /// What a reader must know of it.
    pub notes: Vec<String>,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
}

/// Tables that go out together, with what is said of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    pub title: String,
    /// The day of the record that the tables are made of.
    pub as_at: NaiveDate,
    /// Facts for the cover: what, who, where from, under which licence.
    pub facts: Vec<(String, String)>,
    /// Notes for the whole book.
    pub notes: Vec<String>,
    pub tables: Vec<Table>,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Csv,
    Xlsx,
    Ods,
    Json,
}

impl Format {
    /// All of them, the plainest first.
    pub const ALL: [Self; 4] = [Self::Csv, Self::Xlsx, Self::Ods, Self::Json];

    /// How the name of such a file ends.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::Json => "json",
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Xlsx => "Excel",
            Self::Ods => "OpenDocument",
            Self::Json => "JSON",
        }
    }

    /// What the web calls it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Json => "application/json",
        }
    }

    /// The kind of file whose name ends so.
    pub fn parse(ending: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.ending() == ending)
    }
}

/// A book as a file. A file of CSV holds one table: the first.
pub fn write(book: &Book, format: Format) -> anyhow::Result<Vec<u8>> {
    match format {
        Format::Csv => csv::write(book),
        Format::Json => json::write(book),
        Format::Xlsx => xlsx::write(book),
        Format::Ods => ods::write(book),
    }
}

#[cfg(test)]
mod tests;
