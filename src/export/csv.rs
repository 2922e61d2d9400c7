//! CSV: UTF-8, one row of headings, and no cell that a spreadsheet would run.

use std::io::Write;

use anyhow::Context as _;

use super::{Book, Cell, Column};

/// Rows on their way out, one at a time.
pub struct Rows<W: Write> {
    writer: ::csv::Writer<W>,
}

impl<W: Write> Rows<W> {
    /// Writes the headings.
    pub fn new(out: W, columns: &[Column]) -> anyhow::Result<Self> {
        let mut writer = ::csv::Writer::from_writer(out);
        writer.write_record(columns.iter().map(|column| column.key.as_str()))?;
        Ok(Self { writer })
    }

    /// Writes a row.
    pub fn row(&mut self, cells: &[Cell]) -> anyhow::Result<()> {
        Ok(self.writer.write_record(cells.iter().map(cell))?)
    }

    /// Writes what is left, and gives back what was written to.
    pub fn finish(self) -> anyhow::Result<W> {
        self.writer.into_inner().ok().context("the table could not be written")
    }
}

/// The first table of a book.
pub fn write(book: &Book) -> anyhow::Result<Vec<u8>> {
    let table = book.tables.first().context("there is no table to write")?;
    let mut rows = Rows::new(Vec::new(), &table.columns)?;
    for row in &table.rows {
        rows.row(row)?;
    }
    rows.finish()
}

/// Only a text can be taken for a formula: a negative number is a number.
fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => harmless(text),
        other => other.written(),
    }
}

/// A text that no spreadsheet takes for a formula: an apostrophe before what begins as one does, also after white
/// space.
pub fn harmless(text: &str) -> String {
    let first = text.trim_start().chars().next();
    let starts = text.starts_with(['\t', '\r', '\n']) || matches!(first, Some('=' | '+' | '-' | '@'));
    if starts { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_starts_a_formula() {
        for bad in ["=1+1", "+44 20", "-2", "@SUM(A1)", "\t=1", "\r=1", "\nx", " =cmd|' /C calc'!A0"] {
            assert_eq!(harmless(bad), format!("'{bad}"));
        }
        for good in ["", "A drop-in = good", "2017-01-11", "<5", "[c]"] {
            assert_eq!(harmless(good), good);
        }
        assert_eq!(cell(&Cell::Whole(-2)), "-2");
    }
}
