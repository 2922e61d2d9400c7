use std::{fmt::Write as _, io::Write as _};

use proptest::prelude::*;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

/// What a cell of a made-up workbook holds.
#[derive(Clone)]
enum Cell {
    Text(&'static str),
    Number(f64),
    Day(&'static str),
    Blank,
}

use Cell::{Blank, Day, Number, Text};

fn packed(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn xlsx_of(sheet: &str) -> Vec<u8> {
    packed(&[
        (
            "[Content_Types].xml",
            "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        ),
        (
            "_rels/.rels",
            "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='rId1' \
             Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' \
             xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'>\
             <sheets><sheet name='Log' sheetId='1' r:id='rId1'/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>\
             <Relationship Id='rId1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' Target='worksheets/sheet1.xml'/>\
             <Relationship Id='rId2' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles' Target='styles.xml'/></Relationships>",
        ),
        (
            "xl/styles.xml",
            "<styleSheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>\
             <cellXfs count='2'><xf numFmtId='0'/><xf numFmtId='14'/></cellXfs></styleSheet>",
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ])
}

fn xlsx(rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut sheet =
        "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>".to_owned();
    for (line, row) in rows.iter().enumerate() {
        write!(sheet, "<row r='{}'>", line + 1).unwrap();
        for (column, cell) in row.iter().enumerate() {
            let at = format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), line + 1);
            match cell {
                Text(text) => write!(
                    sheet,
                    "<c r='{at}' t='inlineStr'><is><t xml:space='preserve'>{}</t></is></c>",
                    escaped(text)
                ),
                Number(number) => write!(sheet, "<c r='{at}'><v>{number}</v></c>"),
                Day(day) => {
                    let day: chrono::NaiveDate = day.parse().unwrap();
                    let first = chrono::NaiveDate::from_ymd_opt(1899, 12, 30).unwrap();
                    write!(sheet, "<c r='{at}' s='1'><v>{}</v></c>", (day - first).num_days())
                }
                Blank => Ok(()),
            }
            .unwrap();
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    xlsx_of(&sheet)
}

fn ods_of(table: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' \
         xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'>\
         <office:body><office:spreadsheet><table:table table:name='Log'>{table}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    packed(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
}

fn ods(rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut table = String::new();
    for row in rows {
        table.push_str("<table:table-row>");
        for cell in row {
            match cell {
                Text(text) => write!(
                    table,
                    "<table:table-cell office:value-type='string'><text:p>{}</text:p></table:table-cell>",
                    escaped(text)
                ),
                Number(number) => write!(
                    table,
                    "<table:table-cell office:value-type='float' office:value='{number}'><text:p>{number}.00</text:p></table:table-cell>"
                ),
                Day(day) => write!(
                    table,
                    "<table:table-cell office:value-type='date' office:date-value='{day}'><text:p>{day}</text:p></table:table-cell>"
                ),
                Blank => write!(table, "<table:table-cell/>"),
            }
            .unwrap();
        }
        table.push_str("<table:table-cell table:number-columns-repeated='16370'/></table:table-row>");
    }
    table.push_str("<table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>");
    ods_of(&table)
}

fn log() -> Vec<Vec<Cell>> {
    vec![
        vec![Text("Title"), Text("Date"), Text("Attended"), Text("Notes")],
        vec![
            Text("Drop-in, Poole & Wareham"),
            Day("2017-01-11"),
            Number(40.0),
            Text(" \"beds\" <A&E>, transport "),
        ],
        vec![Blank, Blank, Blank, Blank],
        vec![Text("Workshop"), Text("January 2017"), Text("c. 40"), Blank],
    ]
}

const CSV: &str = "\u{feff}Title,Date,Attended,Notes\r\n\
                   \"Drop-in, Poole & Wareham\",2017-01-11,40,\" \"\"beds\"\" <A&E>, transport \"\r\n\
                   ,,,\r\nWorkshop,January 2017,c. 40,\r\n";

#[test]
fn the_three_kinds_of_file_give_the_same_rows() {
    let sheet = read(CSV.as_bytes(), "log.csv").unwrap();
    assert_eq!(sheet.header, ["Title", "Date", "Attended", "Notes"]);
    assert_eq!(sheet.rows.len(), 2);
    assert_eq!(
        sheet.rows[0].cells,
        ["Drop-in, Poole & Wareham", "2017-01-11", "40", "\"beds\" <A&E>, transport"]
    );
    assert_eq!(sheet.rows[1].cells, ["Workshop", "January 2017", "c. 40", ""]);
    assert_eq!((sheet.rows[0].number, sheet.rows[1].number), (2, 4));
    assert_eq!(read(&xlsx(&log()), "Log.XLSX").unwrap(), sheet);
    assert_eq!(read(&ods(&log()), "log.ods").unwrap(), sheet);
    let semicolons = "Title;Date;Attended;Notes\n\"Drop-in, Poole & Wareham\";2017-01-11;40;\"\"\"beds\"\" <A&E>, transport\"\n\n;\nWorkshop;January 2017;c. 40;\n";
    assert_eq!(read(semicolons.as_bytes(), "log.csv").unwrap().rows[0].cells, sheet.rows[0].cells);
}

#[track_caller]
fn refused(bytes: &[u8], name: &str, why: &str) {
    let said = read(bytes, name).unwrap_err().to_string();
    assert!(said.contains(why), "{said}");
}

#[test]
fn files_that_are_not_what_they_say_are_refused() {
    refused(b"", "log.csv", "empty");
    refused(b"\n\n", "log.csv", "no rows");
    refused(CSV.as_bytes(), "log.xlsx", "not an Excel workbook");
    refused(CSV.as_bytes(), "log.ods", "not an OpenDocument");
    refused(CSV.as_bytes(), "log.pdf", "CSV, XLSX or ODS");
    refused(CSV.as_bytes(), "log", "CSV, XLSX or ODS");
    refused(&xlsx(&log()), "log.csv", "but it is not");
    refused(&xlsx(&log()), "log.ods", "not an OpenDocument");
    refused(&ods(&log()), "log.xlsx", "not an Excel workbook");
    refused(b"\xD0\xCF\x11\xE0", "log.xls", "Save it as .xlsx");
    refused(b"a,b\n1,\xE9t\xE9\n", "log.csv", "Row 2 (from byte 4)");
    refused(b"a\0b", "log.csv", "not text");
    refused(b"Date,Title,date\n1,2,3", "log.csv", "Two columns are called");
    refused(&vec![b'a'; BYTES + 1], "log.csv", "25 MB");
}

#[test]
fn a_row_with_too_many_cells_is_marked() {
    let sheet = read(b"a,b\n1,2,3\n1,2,\n1\n", "log.csv").unwrap();
    assert_eq!(sheet.rows.iter().map(|row| row.overfull).collect::<Vec<_>>(), [true, false, false]);
    assert_eq!(sheet.rows[2].cells, ["1", ""]);
}

#[test]
fn bombs_are_refused() {
    let wide = vec!["x"; COLUMNS + 1].join(",");
    refused(wide.as_bytes(), "log.csv", "more than 200 columns");
    let long = format!("a\n{}", "1\n".repeat(ROWS + 1));
    refused(long.as_bytes(), "log.csv", "100,000 rows");
    refused(format!("a\n{}", "x".repeat(CELL + 1)).as_bytes(), "log.csv", "32,000 characters");
    // One far cell, for which a reader of whole sheets makes room for seventeen thousand million.
    let far = "<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>\
               <row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData></worksheet>";
    refused(&xlsx_of(far), "log.xlsx", "more than 200 columns");
    let cell = "<table:table-cell office:value-type='string' table:number-columns-repeated='9'><text:p>bomb</text:p></table:table-cell>";
    refused(
        &ods_of(&format!("<table:table-row table:number-rows-repeated='1048576'>{cell}</table:table-row>")),
        "log.ods",
        "100,000 rows",
    );
    refused(
        &ods_of(&format!("<table:table-row>{}</table:table-row>", cell.replace("'9'", "'16384'"))),
        "log.ods",
        "200 columns",
    );
}

#[test]
fn a_workbook_that_unpacks_without_end_is_refused() {
    // 16 MB of spaces, packed once and there nineteen times.
    let bytes = xlsx_of(&" ".repeat(16 << 20));
    let mut once = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let mut zip = ZipWriter::new_append(std::io::Cursor::new(bytes.clone())).unwrap();
    for copy in 0..18 {
        let part = once.by_name("xl/worksheets/sheet1.xml").unwrap();
        zip.raw_copy_file_rename(part, format!("xl/worksheets/copy{copy}.xml")).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert!(bytes.len() < 1 << 20);
    refused(&bytes, "log.xlsx", "unpacks to more than 256 MB");
}

#[test]
fn a_workbook_that_claims_a_world_of_texts_is_refused() {
    let mut bytes = xlsx(&log());
    let shared = "<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' uniqueCount='99999999999999'></sst>";
    let mut zip = ZipWriter::new_append(std::io::Cursor::new(&mut bytes)).unwrap();
    zip.start_file("xl/sharedStrings.xml", SimpleFileOptions::default()).unwrap();
    zip.write_all(shared.as_bytes()).unwrap();
    zip.finish().unwrap();
    refused(&bytes, "log.xlsx", "damaged");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn mangled_files_never_panic(at in 0_usize..6000, byte in any::<u8>(), cut in 0_usize..6000) {
        for (good, name) in [(CSV.as_bytes().to_vec(), "log.csv"), (xlsx(&log()), "log.xlsx"), (ods(&log()), "log.ods")] {
            let mut bytes = good;
            let (at, cut) = (at % bytes.len(), cut % bytes.len());
            bytes[at] = byte;
            let _ = read(&bytes, name);
            let _ = read(&bytes[..cut], name);
        }
    }

    #[test]
    fn mangled_sheets_never_panic(sheet in "(<row( r='[0-9A-Z]{0,4}')?>|</row>|<c r='[A-Z]{0,3}[0-9]{0,7}' t='(s|str|b|e|d|n)'>|</c>|<v>[0-9.eE-]{0,9}</v>|<f>x</f>|&#x41;|&y;|text){0,12}") {
        let _ = read(&xlsx_of(&format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>")), "log.xlsx");
    }

    #[test]
    fn mangled_tables_never_panic(table in "(<table:table-row( table:number-rows-repeated='[0-9]{0,8}')?>|</table:table-row>|<table:table-cell office:value-type='(date|float|string)' office:(date-)?value='[0-9T:.-]{0,9}' table:number-columns-repeated='[0-9]{0,6}'>|</table:table-cell>|<text:p>|</text:p>|<text:s text:c='[0-9]{0,9}'/>|&#x0;|&y;|text){0,12}") {
        let _ = read(&ods_of(&table), "log.ods");
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        for name in ["a.csv", "a.xlsx", "a.ods"] {
            let _ = read(&bytes, name);
        }
    }
}
