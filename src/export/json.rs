//! JSON: an array of objects, a row each, under the keys of its columns in their order.
//!
//! An empty cell is `null`; a suppressed one is `"[c]"` and one that is not available `"[x]"`, as in the spreadsheets.

use std::io::Write;

use super::{Book, Cell, Column, Table};

/// Rows on their way out, one at a time.
pub struct Rows<W: Write> {
    out: W,
    /// The keys as JSON.
    keys: Vec<String>,
    any: bool,
}

impl<W: Write> Rows<W> {
    /// Opens the array.
    pub fn new(mut out: W, columns: &[Column]) -> anyhow::Result<Self> {
        out.write_all(b"[")?;
        let keys = columns.iter().map(|column| serde_json::to_string(&column.key));
        Ok(Self { out, keys: keys.collect::<Result<_, _>>()?, any: false })
    }

    /// Writes a row.
    pub fn row(&mut self, cells: &[Cell]) -> anyhow::Result<()> {
        self.out.write_all(if self.any { b",\n{" } else { b"\n{" })?;
        self.any = true;
        for (place, (key, cell)) in self.keys.iter().zip(cells).enumerate() {
            if place > 0 {
                self.out.write_all(b",")?;
            }
            self.out.write_all(key.as_bytes())?;
            self.out.write_all(b":")?;
            serde_json::to_writer(&mut self.out, &value(cell))?;
        }
        Ok(self.out.write_all(b"}")?)
    }

    /// Closes the array, and gives back what was written to.
    pub fn finish(mut self) -> anyhow::Result<W> {
        self.out.write_all(b"\n]")?;
        Ok(self.out)
    }
}

/// One table as an array, several as an object of arrays under their names.
pub fn write(book: &Book) -> anyhow::Result<Vec<u8>> {
    let mut out = match book.tables.as_slice() {
        [table] => array(Vec::new(), table)?,
        tables => {
            let mut out = b"{".to_vec();
            for (place, table) in tables.iter().enumerate() {
                if place > 0 {
                    out.extend_from_slice(b",\n");
                }
                serde_json::to_writer(&mut out, &table.name)?;
                out.push(b':');
                out = array(out, table)?;
            }
            out.push(b'}');
            out
        }
    };
    out.push(b'\n');
    Ok(out)
}

fn array(out: Vec<u8>, table: &Table) -> anyhow::Result<Vec<u8>> {
    let mut rows = Rows::new(out, &table.columns)?;
    for row in &table.rows {
        rows.row(row)?;
    }
    rows.finish()
}

fn value(cell: &Cell) -> serde_json::Value {
    match cell {
        Cell::Empty => serde_json::Value::Null,
        Cell::Whole(number) => (*number).into(),
        Cell::Number(number) => (*number).into(),
        Cell::Yes(yes) => (*yes).into(),
        other => other.written().into(),
    }
}
