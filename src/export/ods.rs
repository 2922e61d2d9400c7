//! An OpenDocument spreadsheet: cover, contents, notes, and each table marked as one on a sheet of its own.
//!
//! The whole document is `content.xml`; what stands around it in the zip file is the little that the format asks for:
//! the kind of file first and unpacked, then the list of the parts.

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{
    Book, Cell, Format, Table,
    sheets::{self, ABOVE, Front, holdable},
};

const MANIFEST: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/><manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/></manifest:manifest>"#;

const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3"><office:styles><style:default-style style:family="table-cell"><style:text-properties fo:font-size="10pt" fo:language="en" fo:country="GB"/></style:default-style><style:style style:name="Default" style:family="table-cell"/></office:styles></office:document-styles>"#;

const OPENING: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" office:version="1.3"><office:automatic-styles><number:date-style style:name="day"><number:year number:style="long"/><number:text>-</number:text><number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/></number:date-style><style:style style:name="d" style:family="table-cell" style:parent-style-name="Default" style:data-style-name="day"/><style:style style:name="h" style:family="table-cell" style:parent-style-name="Default"><style:text-properties fo:font-weight="bold"/></style:style><style:style style:name="t" style:family="table-cell" style:parent-style-name="Default"><style:text-properties fo:font-weight="bold" fo:font-size="14pt"/></style:style></office:automatic-styles><office:body><office:spreadsheet>"#;

/// The book as an OpenDocument spreadsheet.
pub fn write(book: &Book) -> anyhow::Result<Vec<u8>> {
    sheets::check(book)?;
    let mut content = String::from(OPENING);
    for front in sheets::front(book) {
        text_sheet(&mut content, &front)?;
    }
    for table in &book.tables {
        table_sheet(&mut content, table)?;
    }
    ranges(&mut content, &book.tables)?;
    content.push_str("</office:spreadsheet></office:body></office:document-content>");

    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default());
    let packed = stored.compression_method(CompressionMethod::Deflated);
    zip.start_file("mimetype", stored)?;
    zip.write_all(Format::Ods.media_type().as_bytes())?;
    let meta = meta(book)?;
    for (name, text) in [
        ("META-INF/manifest.xml", MANIFEST),
        ("styles.xml", STYLES),
        ("meta.xml", &meta),
        ("content.xml", &content),
    ] {
        zip.start_file(name, packed)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

fn meta(book: &Book) -> anyhow::Result<String> {
    let mut text = String::from(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"><office:meta><dc:title>"#,
    );
    escape(&mut text, &book.title);
    write!(
        text,
        "</dc:title><meta:creation-date>{}T00:00:00</meta:creation-date></office:meta></office:document-meta>",
        book.as_at
    )?;
    Ok(text)
}

fn text_sheet(out: &mut String, front: &Front) -> anyhow::Result<()> {
    write!(out, r#"<table:table table:name="{}">"#, front.name)?;
    let columns = front.rows.iter().map(Vec::len).max().unwrap_or(1);
    write!(out, r#"<table:table-column table:number-columns-repeated="{columns}"/>"#)?;
    for (line, cells) in front.rows.iter().enumerate() {
        out.push_str("<table:table-row>");
        for cell in cells {
            text_cell(out, cell, if line == 0 { Some("t") } else { None });
        }
        out.push_str("</table:table-row>");
    }
    out.push_str("</table:table>");
    Ok(())
}

fn table_sheet(out: &mut String, table: &Table) -> anyhow::Result<()> {
    write!(out, r#"<table:table table:name="{}">"#, table.name)?;
    let columns = table.columns.len();
    write!(out, r#"<table:table-column table:number-columns-repeated="{columns}"/>"#)?;
    for (text, style) in [(table.title.clone(), Some("t")), (sheets::under(table), None)] {
        out.push_str("<table:table-row>");
        text_cell(out, &text, style);
        out.push_str("</table:table-row>");
    }
    for _ in 2..ABOVE {
        out.push_str("<table:table-row><table:table-cell/></table:table-row>");
    }
    out.push_str("<table:table-header-rows><table:table-row>");
    for column in &table.columns {
        text_cell(out, &column.key, Some("h"));
    }
    out.push_str("</table:table-row></table:table-header-rows>");
    for row in &table.rows {
        out.push_str("<table:table-row>");
        for cell in row {
            put(out, cell)?;
        }
        out.push_str("</table:table-row>");
    }
    out.push_str("</table:table>");
    Ok(())
}

/// Marks each table: where it stands, and that its first row holds the headings.
fn ranges(out: &mut String, tables: &[Table]) -> anyhow::Result<()> {
    out.push_str("<table:database-ranges>");
    for table in tables {
        let (name, last) = (&table.name, column_name(table.columns.len().max(1)));
        let (first_row, last_row) = (ABOVE + 1, ABOVE + 1 + table.rows.len());
        write!(
            out,
            r#"<table:database-range table:name="{name}" table:target-range-address="{name}.A{first_row}:{name}.{last}{last_row}" table:contains-header="true" table:display-filter-buttons="true"/>"#
        )?;
    }
    out.push_str("</table:database-ranges>");
    Ok(())
}

/// The letters of a column, counted from 1: A, Z, AA.
fn column_name(mut number: usize) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        number -= 1;
        letters.push(char::from(b'A' + u8::try_from(number % 26).unwrap_or(0)));
        number /= 26;
    }
    letters.into_iter().rev().collect()
}

fn put(out: &mut String, cell: &Cell) -> anyhow::Result<()> {
    match cell {
        Cell::Empty => out.push_str("<table:table-cell/>"),
        Cell::Whole(number) => number_cell(out, &number.to_string())?,
        Cell::Number(number) if number.is_finite() => number_cell(out, &number.to_string())?,
        Cell::Day(day) => write!(
            out,
            r#"<table:table-cell table:style-name="d" office:value-type="date" office:date-value="{day}"><text:p>{day}</text:p></table:table-cell>"#
        )?,
        other => text_cell(out, &other.written(), None),
    }
    Ok(())
}

fn number_cell(out: &mut String, number: &str) -> std::fmt::Result {
    write!(
        out,
        r#"<table:table-cell office:value-type="float" office:value="{number}"><text:p>{number}</text:p></table:table-cell>"#
    )
}

fn text_cell(out: &mut String, text: &str, style: Option<&str>) {
    out.push_str("<table:table-cell");
    if let Some(style) = style {
        out.push_str(" table:style-name=\"");
        out.push_str(style);
        out.push('"');
    }
    out.push_str(" office:value-type=\"string\">");
    for line in holdable(text).split('\n') {
        out.push_str("<text:p>");
        paragraph(out, line);
        out.push_str("</text:p>");
    }
    out.push_str("</table:table-cell>");
}

/// A line of text. White space that the format would fold is said in elements.
fn paragraph(out: &mut String, line: &str) {
    let mut spaces = 0;
    // A space at the beginning would be lost as well: it is treated as one after another.
    let mut folds = true;
    for letter in line.chars().map(Some).chain([None]) {
        if letter == Some(' ') {
            spaces += 1;
            continue;
        }
        let ends = letter.is_none();
        if spaces > 0 {
            if !folds && !ends {
                out.push(' ');
                spaces -= 1;
            }
            if spaces > 0 {
                out.push_str("<text:s text:c=\"");
                out.push_str(&spaces.to_string());
                out.push_str("\"/>");
            }
            spaces = 0;
        }
        match letter {
            Some('\t') => out.push_str("<text:tab/>"),
            Some(letter) => escape(out, letter.encode_utf8(&mut [0; 4])),
            None => {}
        }
        folds = false;
    }
}

fn escape(out: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            letter => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_in_a_sheet() {
        for (number, letters) in [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (703, "AAA")] {
            assert_eq!(column_name(number), letters);
        }
    }

    #[test]
    fn white_space_is_kept() {
        let said = |text: &str| {
            let mut out = String::new();
            paragraph(&mut out, text);
            out
        };
        assert_eq!(said("a b"), "a b");
        assert_eq!(said(" a  b "), r#"<text:s text:c="1"/>a <text:s text:c="1"/>b<text:s text:c="1"/>"#);
        assert_eq!(said("a\tb & <c>"), "a<text:tab/>b &amp; &lt;c&gt;");
    }
}
