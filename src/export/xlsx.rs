//! An Excel workbook: cover, contents, notes, and each table marked as one on a sheet of its own. No merged cell.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, Table as Marked, TableColumn, TableStyle, Workbook, Worksheet,
};

use super::{
    Book, Cell, Table,
    sheets::{self, ABOVE, Front, holdable},
};
use chrono::Datelike as _;

/// The book as an Excel workbook.
pub fn write(book: &Book) -> anyhow::Result<Vec<u8>> {
    sheets::check(book)?;
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(year(book), month(book), day(book))?;
    workbook.set_properties(&DocProperties::new().set_title(&book.title).set_creation_datetime(&made));
    for front in sheets::front(book) {
        text(workbook.add_worksheet(), &front)?;
    }
    for table in &book.tables {
        marked(workbook.add_worksheet(), table)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// The year of a book, as a workbook can say it.
fn year(book: &Book) -> u16 {
    u16::try_from(book.as_at.year()).unwrap_or(1900).max(1900)
}

fn month(book: &Book) -> u8 {
    u8::try_from(book.as_at.month()).unwrap_or(1)
}

fn day(book: &Book) -> u8 {
    u8::try_from(book.as_at.day()).unwrap_or(1)
}

fn text(sheet: &mut Worksheet, front: &Front) -> anyhow::Result<()> {
    sheet.set_name(front.name)?;
    let heading = Format::new().set_bold().set_font_size(14);
    for (line, cells) in (0..).zip(&front.rows) {
        for (column, cell) in (0..).zip(cells) {
            let cell = holdable(cell);
            if line == 0 {
                sheet.write_string_with_format(line, column, cell, &heading)?;
            } else {
                sheet.write_string(line, column, cell)?;
            }
        }
    }
    sheet.set_column_width(0, 30)?;
    sheet.set_column_width(1, 70)?;
    Ok(())
}

fn marked(sheet: &mut Worksheet, table: &Table) -> anyhow::Result<()> {
    sheet.set_name(&table.name)?;
    sheet.write_string_with_format(
        0,
        0,
        holdable(&table.title),
        &Format::new().set_bold().set_font_size(14),
    )?;
    sheet.write_string(1, 0, holdable(&sheets::under(table)))?;
    let top = u32::try_from(ABOVE)?;
    let last_column = u16::try_from(table.columns.len())?.saturating_sub(1);
    let columns: Vec<TableColumn> =
        table.columns.iter().map(|column| TableColumn::new().set_header(&column.key)).collect();
    // A table has a row at least: one without rows has one that is empty.
    let last = top + u32::try_from(table.rows.len().max(1))?;
    let mut of = Marked::new().set_name(&table.name).set_style(TableStyle::Light1);
    of = of.set_columns(&columns);
    sheet.add_table(top, 0, last, last_column, &of)?;
    let days = Format::new().set_num_format("yyyy-mm-dd");
    for (line, row) in (top + 1..).zip(&table.rows) {
        for (column, cell) in (0..).zip(row) {
            put(sheet, line, column, cell, &days)?;
        }
    }
    for (column, index) in (0..).zip(0..table.columns.len()) {
        sheet.set_column_width(column, f64::from(u32::try_from(sheets::width(table, index))?))?;
    }
    sheet.set_freeze_panes(top + 1, 1)?;
    Ok(())
}

fn put(sheet: &mut Worksheet, line: u32, column: u16, cell: &Cell, days: &Format) -> anyhow::Result<()> {
    match cell {
        Cell::Empty => {}
        #[expect(clippy::cast_precision_loss, reason = "a workbook knows no other numbers")]
        Cell::Whole(number) => {
            sheet.write_number(line, column, *number as f64)?;
        }
        Cell::Number(number) if number.is_finite() => {
            sheet.write_number(line, column, *number)?;
        }
        // Excel's calendar begins in 1900, and has a day too many in its first two months.
        Cell::Day(day) if (1901..=9999).contains(&day.year()) => {
            let (month, date) = (u8::try_from(day.month())?, u8::try_from(day.day())?);
            let day = ExcelDateTime::from_ymd(u16::try_from(day.year())?, month, date)?;
            sheet.write_datetime_with_format(line, column, &day, days)?;
        }
        other => {
            sheet.write_string(line, column, holdable(&other.written()))?;
        }
    }
    Ok(())
}
