//! What a workbook says before its tables: cover, contents, notes. The same in Excel and in OpenDocument.

use super::{Book, Cell, NOT_AVAILABLE, SUPPRESSED, Table};

/// A sheet of text above the tables: rows of cells, the first row its heading.
pub struct Front {
    pub name: &'static str,
    pub rows: Vec<Vec<String>>,
}

/// The names of the sheets before the tables.
pub const FRONT: [&str; 3] = ["Cover", "Contents", "Notes"];

/// Rows above the headings of a table: its title, then what to know of it.
pub const ABOVE: usize = 3;

/// The longest text of one cell, in letters: more than this no spreadsheet opens.
pub const LONGEST: usize = 32_767;

/// The most rows of one sheet.
pub const ROWS: usize = 1_048_576;

/// Cover, contents and notes.
pub fn front(book: &Book) -> Vec<Front> {
    let pair = |(term, text): &(String, String)| vec![term.clone(), text.clone()];
    let mut cover = vec![vec![book.title.clone()]];
    cover.push(vec!["The record as at".to_owned(), book.as_at.to_string()]);
    cover.extend(book.facts.iter().map(pair));
    let mut contents =
        vec![vec!["Contents".to_owned()], ["Sheet", "Table", "Rows"].map(str::to_owned).to_vec()];
    for table in &book.tables {
        contents.push(vec![table.name.clone(), table.title.clone(), table.rows.len().to_string()]);
    }
    let mut notes = vec![vec!["Notes".to_owned()]];
    notes.push(vec![format!(
        "{SUPPRESSED} means a number of people that is suppressed, so that nobody can be recognised."
    )]);
    notes.push(vec![format!("{NOT_AVAILABLE} means a figure that is not available: the record does not hold what it is worked out from.")]);
    notes.push(vec![
        "An empty cell means that nothing is recorded. Days are written as 2017-01-11.".to_owned(),
    ]);
    notes.extend(book.notes.iter().map(|note| vec![note.clone()]));
    for table in &book.tables {
        notes.push(vec![format!("Columns of the table {}: {}", table.name, table.title)]);
        notes.extend(table.notes.iter().map(|note| vec![note.clone()]));
        for column in &table.columns {
            notes.push(vec![column.key.clone(), column.title.clone(), column.kind.name().to_owned()]);
        }
    }
    vec![
        Front { name: FRONT[0], rows: cover },
        Front { name: FRONT[1], rows: contents },
        Front { name: FRONT[2], rows: notes },
    ]
}

/// The line under a table's title.
pub fn under(table: &Table) -> String {
    let mut text = format!("This sheet holds one table, with its headings in row {}. ", ABOVE + 1);
    text.push_str("The sheet “Notes” says what each column holds.");
    for note in &table.notes {
        text.push(' ');
        text.push_str(note);
    }
    text
}

/// A text as a sheet can hold it: no letter that XML does not know, and not too long.
pub fn holdable(text: &str) -> String {
    let sound = |c: char| matches!(c, '\t' | '\n') || (c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    let mut units = 0;
    let mut held = String::with_capacity(text.len());
    for letter in text.replace("\r\n", "\n").chars() {
        units += letter.len_utf16();
        if units > LONGEST {
            break;
        }
        held.push(if sound(letter) { letter } else { '\u{fffd}' });
    }
    held
}

/// Refuses a book that no spreadsheet could hold.
pub fn check(book: &Book) -> anyhow::Result<()> {
    for table in &book.tables {
        let name = table.name.as_str();
        let plain = name.len() <= 31 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        anyhow::ensure!(
            plain && name.starts_with(|c: char| c.is_ascii_alphabetic()),
            "`{name}` cannot name a table"
        );
        anyhow::ensure!(
            table.rows.len() + ABOVE < ROWS,
            "The table {name} has {} rows, and a sheet holds {ROWS}. Take it as CSV.",
            table.rows.len()
        );
        let wide = table.rows.iter().all(|row| row.len() == table.columns.len());
        anyhow::ensure!(wide, "a row of the table {name} does not have a cell for each column");
    }
    Ok(())
}

/// How wide a column is, in letters.
pub fn width(table: &Table, column: usize) -> usize {
    let widest =
        table.rows.iter().take(200).filter_map(|row| row.get(column)).map(letters).max().unwrap_or(0);
    let heading = table.columns.get(column).map_or(0, |column| column.key.chars().count());
    widest.max(heading + 3).clamp(8, 60)
}

fn letters(cell: &Cell) -> usize {
    cell.written().chars().count()
}
